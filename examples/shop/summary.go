package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/otelkit/otelkit-go/examples/shop/inspect"
	"github.com/otelkit/otelkit-go/exporters/otlp"
)

// summary is what is known at the end of a run: what the services say, and what
// has arrived at the receiver.
type summary struct {
	took    time.Duration
	said    map[string]message
	report  inspect.Report
	secrets int // planted
}

// services are in the order of a request.
var services = []string{"load", "gateway", "payments", "worker"}

func (s summary) tally() tally {
	if t := s.said["load"].Tally; t != nil {
		return *t
	}
	return tally{}
}

// book is what one service says of one signal, and what arrived of it.
type book struct {
	service, signal string
	otlp.Books
	arrived int64
}

func (s summary) books() (all []book) {
	for _, service := range services {
		h := s.said[service].Health
		if h == nil {
			continue
		}
		for signal, b := range map[string]otlp.Books{"traces": h.OTLP.Traces, "metrics": h.OTLP.Metrics, "logs": h.OTLP.Logs} {
			all = append(all, book{service, signal, b, s.report.Records[service][signal]})
		}
	}
	return all
}

// verdict returns what is not as it should be.
func (s summary) verdict() error {
	return errors.Join(s.answers(), s.balance(), s.issues(), s.leaks())
}

// answers holds that each order was answered as its scenario says.
func (s summary) answers() error {
	var errs []error
	if s.tally().Orders == 0 {
		errs = append(errs, errors.New("no order was placed"))
	}
	for _, w := range s.tally().Wrong {
		errs = append(errs, errors.New(w))
	}
	return errors.Join(errs...)
}

// balance holds that everything that was accepted has arrived.
func (s summary) balance() error {
	var errs []error
	for _, service := range services {
		if s.said[service].Health == nil {
			errs = append(errs, fmt.Errorf("%s has not said its books", service))
		}
	}
	for _, b := range s.books() {
		if b.Accepted != b.Delivered+b.Pending+b.Lost() || b.Accepted != b.arrived {
			errs = append(errs, fmt.Errorf("%s of %s: accepted %d = delivered %d + pending %d + dropped %d, and %d arrived",
				b.signal, b.service, b.Accepted, b.Delivered, b.Pending, b.Lost(), b.arrived))
		}
	}
	return errors.Join(append(errs, broken(s.report.Broken)...)...)
}

func broken(requests []string) (errs []error) {
	for _, b := range requests {
		errs = append(errs, fmt.Errorf("a request could not be read: %s", b))
	}
	return errs
}

// issues holds that each order that failed has one issue, of the service where
// it failed and in its trace, and that there are no others.
func (s summary) issues() error {
	var errs []error
	of := map[string][]inspect.Issue{}
	for _, i := range s.report.Issues {
		of[i.Order] = append(of[i.Order], i)
	}
	for _, f := range s.tally().Failed {
		issues := of[f.Order]
		delete(of, f.Order)
		if len(issues) != 1 || issues[0].Service != f.Service || issues[0].Trace != f.Trace {
			errs = append(errs, fmt.Errorf("order %s (%s) failed in %s, trace %s; its issues: %v", f.Order, f.Scenario, f.Service, f.Trace, issues))
		}
	}
	for order, issues := range of {
		errs = append(errs, fmt.Errorf("order %q has not failed; its issues: %v", order, issues))
	}
	return errors.Join(errs...)
}

// leaks holds that no secret was found, though there were some to be found.
func (s summary) leaks() error {
	var errs []error
	for i, l := range s.report.Leaks {
		if i == 10 {
			errs = append(errs, fmt.Errorf("and %d more secrets", len(s.report.Leaks)-i))
			break
		}
		errs = append(errs, errors.New("a secret has left by "+l))
	}
	for _, category := range []string{"auth.", "pw.", "financial.", "health.", "pii."} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(s.report.Redactions)), func(rule string) bool { return strings.HasPrefix(rule, category) }) {
			errs = append(errs, fmt.Errorf("nothing was redacted by a rule of %s, so nothing is known of those", strings.TrimSuffix(category, ".")))
		}
	}
	return errors.Join(errs...)
}

// print shows the summary to a person.
func (s summary) print(to *screen) {
	t := s.tally()
	row := func(name, format string, args ...any) {
		to.printf("%s  %s\n", to.bold(fmt.Sprintf("%-10s", name)), wrapped(fmt.Sprintf(format, args...)))
	}
	to.printf("\n")
	row("orders", "%d in %s: %s", t.Orders, s.took.Round(100*time.Millisecond), counts(t.Scenarios))
	row("requests", "%d: %s", t.Requests, counts(t.Statuses))
	row("failed", "%d orders: %s", len(t.Failed), counts(failures(t.Failed)))
	row("issues", "%d: %s", len(s.report.Issues), counts(issuesOf(s.report.Issues)))
	row("redacted", "%s", counts(s.report.Redactions))
	row("secrets", "%d planted; found %d in %s", s.secrets, len(s.report.Leaks), sizes(s.report.Bytes))
	row("traces", "%s; %d of %d log lines are in one of them", spread(s.report.Traces), s.report.Joined, s.report.InTrace)
	row("books", "%8s %8s = %9s + %7s + %7s", "arrived", "accepted", "delivered", "pending", "dropped")
	for _, signal := range []string{"logs", "traces", "metrics"} {
		var sum book
		for _, b := range s.books() {
			if b.signal == signal {
				sum.arrived += b.arrived
				sum.Accepted += b.Accepted
				sum.Delivered += b.Delivered
				sum.Pending += b.Pending
				sum.Dropped = map[string]int64{"": sum.Lost() + b.Lost()}
			}
		}
		row("  "+signal, "%8d %8d = %9d + %7d + %7d", sum.arrived, sum.Accepted, sum.Delivered, sum.Pending, sum.Lost())
	}
	to.printf("\n")
}

// spread writes how many traces go through how many services.
func spread(traces map[int]int) string {
	var all []string
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(traces))) {
		all = append(all, fmt.Sprintf("%d of %d", traces[n], n))
	}
	return strings.Join(all, ", ") + " services"
}

func failures(all []failure) map[string]int {
	n := map[string]int{}
	for _, f := range all {
		n[f.Scenario]++
	}
	return n
}

func issuesOf(all []inspect.Issue) map[string]int {
	n := map[string]int{}
	for _, i := range all {
		n[i.Service]++
	}
	return n
}

// counts writes what there is most of first.
func counts[N int | uint64](n map[string]N) string {
	names := slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, n[name])
	}
	return strings.Join(names, ", ")
}

func sizes(n map[string]int) string {
	var all []string
	for _, way := range []string{inspect.OTLP, inspect.Sentry, inspect.Console} {
		all = append(all, fmt.Sprintf("%.1f MB of %s", float64(n[way])/1e6, way))
	}
	return strings.Join(all, ", ")
}

// wrapped breaks a list that is too long for a line.
func wrapped(list string) string {
	var out strings.Builder
	column := 0
	for i, item := range strings.Split(list, ", ") {
		if i > 0 {
			out.WriteString(",")
			if column+len(item) > 96 {
				out.WriteString("\n" + strings.Repeat(" ", 12))
				column = 0
			} else {
				out.WriteString(" ")
			}
		}
		out.WriteString(item)
		column += len(item) + 2
	}
	return out.String()
}
