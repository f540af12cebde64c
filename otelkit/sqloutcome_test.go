package otelkit_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"

	"github.com/otelkit/otelkit-go/otelkit"
)

// A failed query is the issue if it is why the work failed, and only then.
func TestOpenDBExplainsFailure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		issues []string
	}{
		"handled":            {http.StatusOK, nil},
		"the client's fault": {http.StatusConflict, nil},
		"failed":             {http.StatusInternalServerError, []string{"error disk gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			db := otelkit.OpenDB(modernDB{})
			defer db.Close()
			h := otelkit.HTTPMiddleware(otelkit.WithKit(o.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := db.ExecContext(r.Context(), "UPDATE FAIL"); err != nil {
					w.WriteHeader(test.status)
				}
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			checkIssues(t, o, test.issues)
			if l := o.line(t, "query_failed"); l["level"] != "WARN" {
				t.Errorf("line %v", l)
			}
		})
	}
}

// A query of which nobody tells how it went is its own outcome.
func TestOpenDBAlone(t *testing.T) {
	t.Parallel()
	o := observe(t)
	db := otelkit.OpenDB(modernDB{})
	defer db.Close()
	if _, err := db.ExecContext(o.ctx, "UPDATE FAIL"); !errors.Is(err, errGone) {
		t.Error(err)
	}
	checkIssues(t, o, []string{"error disk gone"})
	if diff := cmp.Diff([]string{"ERROR query_failed"}, o.story()); diff != "" {
		t.Error(diff)
	}
}

// wordyDB says in its own words that it was cancelled.
type wordyDB struct{ modernDB }

type wordyConn struct{ modernConn }

func (wordyDB) Connect(context.Context) (driver.Conn, error) { return wordyConn{}, nil }

func (wordyConn) ExecContext(ctx context.Context, _ string, _ []driver.NamedValue) (driver.Result, error) {
	<-ctx.Done()
	return nil, errors.New("canceling statement due to user request")
}

func TestOpenDBCancelled(t *testing.T) {
	t.Parallel()
	o := observe(t)
	db := otelkit.OpenDB(wordyDB{})
	defer db.Close()
	ctx, end := o.start("work")
	ctx, cancel := context.WithCancel(ctx)
	go cancel()
	if _, err := db.ExecContext(ctx, "UPDATE x"); err == nil {
		t.Error("no error")
	}
	end()
	checkIssues(t, o, nil)
	if len(o.story()) != 0 {
		t.Errorf("lines %q", o.story())
	}
	if s := o.spans.Ended()[0]; s.Status().Code != codes.Unset || len(s.Events()) != 0 {
		t.Errorf("span %v, %v", s.Status(), s.Events())
	}
}
