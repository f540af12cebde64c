package otlp

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

const (
	protobufType = "application/x-protobuf"
	jsonType     = "application/json"
	htmlType     = "text/html"
	// maxAnswer is the most bytes read of an answer that says that records were
	// taken. What such an answer says about some of them must not get lost.
	maxAnswer = 4 << 20
	// maxErrorBody is the most bytes read of any other answer.
	maxErrorBody = 64 << 10
)

// judge turns an answer into a result (OTLP specification, "OTLP/HTTP
// Response").
func judge(resp *http.Response, answer []byte) result {
	switch code := resp.StatusCode; {
	case code >= 200 && code <= 299:
		return judgeSuccess(resp, answer)
	case code == http.StatusRequestEntityTooLarge,
		code == http.StatusBadRequest && tooLarge(answerText(resp, answer)):
		return result{verdict: split, err: answerError(resp, answer)}
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests,
		code == http.StatusInternalServerError, code == http.StatusBadGateway,
		code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout:
		return result{verdict: retry, after: retryAfter(resp.Header.Get("Retry-After")), err: answerError(resp, answer)}
	case code < http.StatusBadRequest:
		return result{verdict: retry, err: redirected(resp, answer)}
	}
	if means := misdirected(resp, answer); means != "" {
		return result{verdict: retry, err: explained(means, answerError(resp, answer))}
	}
	contents := resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnprocessableEntity
	return result{verdict: refuse, contents: contents, err: answerError(resp, answer)}
}

// redirected names where a redirect leads, without what may be a credential in it.
func redirected(resp *http.Response, answer []byte) error {
	err := answerError(resp, answer)
	to, none := resp.Location()
	if none != nil {
		return err
	}
	shown := url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}
	return fmt.Errorf("%w: it leads to %s, and redirects are not followed", err, readable(shown.String()))
}

// misdirected says what is wrong with an address whose failure says nothing about
// the records: no OTLP receiver over HTTP has read them.
func misdirected(resp *http.Response, answer []byte) string {
	if strings.HasPrefix(mediaType(resp), "application/grpc") {
		return speaksGRPC
	}
	if resp.StatusCode == http.StatusBadRequest {
		return find(httpHints, string(answer))
	}
	return ""
}

// judgeSuccess does not take each 2xx for OTLP: a captive portal or a web server
// on the wrong port says 200 too.
func judgeSuccess(resp *http.Response, answer []byte) result {
	kind := mediaType(resp)
	switch {
	case resp.StatusCode == http.StatusNoContent || len(answer) == 0 && kind != htmlType:
		return result{}
	case kind == protobufType:
		if len(answer) > maxAnswer {
			return cutAnswer(answer)
		}
		if r, ok := wire.ParseResponse(answer); ok {
			return taken(r)
		}
	case kind == jsonType:
		if r, ok := parseJSON(answer); ok || len(answer) > maxAnswer {
			return taken(r)
		}
	case (kind == "" || kind == "text/plain") && isAcknowledgement(answer):
		return result{}
	}
	return result{verdict: retry, after: doubtful, err: fmt.Errorf("the answer (%s) is not OTLP: is this the right address?", kind)}
}

// doubtful is the pause after a success that is not OTLP. Whoever said so may have
// taken the records, and gets them again each time.
const doubtful = 10 * time.Second

func taken(r wire.Response) result {
	return result{rejected: r.Rejected, warning: readable(r.Message)}
}

// cutAnswer is what a success means that is too long to be read: the records
// would only be sent for ever.
func cutAnswer(answer []byte) result {
	return result{rejected: wire.ParseCutResponse(answer).Rejected, warning: fmt.Sprintf("the answer is longer than %d bytes", maxAnswer)}
}

// acknowledgements are what small receivers say, in lower case, that know nothing
// of OTLP's answers.
var acknowledgements = []string{"ok", "200 ok", "accepted", "202 accepted", "received", "success"}

func isAcknowledgement(answer []byte) bool {
	return slices.Contains(acknowledgements, strings.ToLower(strings.TrimSpace(string(answer))))
}

// parseJSON reads an answer of the JSON encoding, which some receivers give to
// protobuf requests. A parser of it knows fields by both of their names (ProtoJSON
// format, "Field names"). Any object could be an answer of which no field is known;
// here it is taken for the answer of something else.
func parseJSON(answer []byte) (r wire.Response, ok bool) {
	var fields, partial map[string]json.RawMessage
	if json.Unmarshal(answer, &fields) != nil || fields == nil {
		return r, false
	}
	for name, raw := range fields {
		if name != "partialSuccess" && name != "partial_success" || json.Unmarshal(raw, &partial) != nil {
			return r, false
		}
	}
	for name, raw := range partial {
		switch name {
		case "rejectedLogRecords", "rejectedSpans", "rejectedDataPoints",
			"rejected_log_records", "rejected_spans", "rejected_data_points":
			n, ok := parseInt64(raw)
			if !ok {
				return r, false
			}
			r.Rejected = max(r.Rejected, n)
		case "errorMessage", "error_message":
			if json.Unmarshal(raw, &r.Message) != nil {
				return r, false
			}
		}
	}
	return r, true
}

// parseInt64 reads an integer of ProtoJSON: a number or a string, with an exponent
// or without. One that is too large becomes the largest.
func parseInt64(raw json.RawMessage) (n int64, ok bool) {
	text := []byte(strings.Trim(string(raw), `"`))
	if json.Unmarshal(text, &n) == nil { // null is 0
		return n, true
	}
	var f float64
	if json.Unmarshal(text, &f) != nil || f != math.Trunc(f) {
		return 0, false
	}
	if f >= math.MaxInt64 {
		return math.MaxInt64, true
	}
	return int64(max(f, math.MinInt64)), true
}

func mediaType(resp *http.Response) string {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return kind
}

// tooLargeWords are how receivers say that a request is too large which have no
// code for it that says only that: net/http's servers, a Collector among them, with
// 400; gRPC of Go and of C++, of Rust, of Java, of .NET.
var tooLargeWords = []string{
	"request body too large",
	"larger than max",
	"message length too large",
	"exceeds maximum size",
	"exceeds the maximum configured message size",
}

func tooLarge(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(tooLargeWords, func(words string) bool { return strings.Contains(text, words) })
}

// answerError makes an error of a status and what the receiver says about it.
func answerError(resp *http.Response, answer []byte) error {
	text := strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
	if says := readable(answerText(resp, answer)); says != "" {
		text += ": " + says
	}
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMethodNotAllowed {
		text += " (" + wrongPath + ")"
	}
	return errors.New(text)
}

// answerText returns what the receiver says about a failure. For 401 and 403 its
// words are left out: they like to repeat the credential.
func answerText(resp *http.Response, answer []byte) string {
	switch kind := mediaType(resp); {
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
	case kind == protobufType:
		return wire.ParseStatus(answer)
	case kind == "text/plain":
		return string(answer)
	}
	return ""
}

// ellipsis stands for the rest of a text that was cut.
const ellipsis = "…"

// readable cuts text to one short printable line.
func readable(text string) string {
	text = text[:min(len(text), maxErrorBody)] // no more is looked at
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(strings.TrimSpace(text)); len(runes) > 200 {
		return string(runes[:200]) + ellipsis
	}
	return strings.TrimSpace(text)
}

// retryAfter reads the header of RFC 9110, section 10.2.3, 0 if there is none.
func retryAfter(v string) time.Duration {
	if seconds, err := strconv.Atoi(v); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, 1<<30))*time.Second, longestThrottle)
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}
