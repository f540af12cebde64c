package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/internal/golden"
)

// call runs the command and returns what a shell would see.
func call(stdin string, args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &err)
	return status, out.String(), err.String()
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// session is log lines as a service writes them.
const session = "10:00:01 INFO  start pid=4711 commit=3f2a9c1d\r\n" +
	"10:00:02 INFO  login user=lin@example.org password=hunter2\n" +
	"\n" +
	"10:00:03 WARN  mail to lin@example.org bounced\n" +
	"10:00:04 INFO  stop"

func TestFilterGolden(t *testing.T) {
	t.Parallel()
	_, out, summary := call(session)
	golden.Equal(t, "session.txt", []byte(out+"\n-- standard error\n"+summary))
}

func TestFilter(t *testing.T) {
	t.Parallel()
	begin := func(kind string) string {
		return "-----BEGIN " + kind + "-----\n" + strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n", 3)
	}
	key := func(kind string) string { return begin(kind) + "-----END " + kind + "-----\n" }
	const private = "PRIVATE " + "KEY"
	const masked = "-----BEGIN " + private + "-----\n[REDACTED:auth.pem]"
	long := strings.Repeat("x", 3*maxLine)
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"clean lines are kept byte for byte", "a\r\n\n\n b \xff\n\tc", "a\r\n\n\n b \xff\n\tc"},
		{"line without its end", "to lin@example.org", "to [REDACTED:pii.email]"},
		{"key block", "a\n" + key(private) + "b\n", "a\n" + masked + "-----END " + private + "-----\nb\n"},
		{"PuTTY key", "Private-Lines: 2\n" + strings.Repeat("AAAAgQDfHkZ1nBvCxQwErTyUiOpAsDfGhJkL4567\n", 2) + "Private-MAC: 0a\nthe end\n", "Private-Lines: 2\n[REDACTED:auth.putty]\nPrivate-MAC: 0a\nthe end\n"},
		{"certificate", key("CERTIFICATE"), key("CERTIFICATE")},
		{"key block cut off by a line", begin(private) + "10:00 to lin@example.org\nb\n", masked + "\n10:00 to [REDACTED:pii.email]\nb\n"},
		{"key block cut off by the end", begin(private), masked + "\n"},
		{"key block without an end in sight", "-----BEGIN X-----\n" + strings.Repeat("AAAA\n", maxBlock/4), tooLong + "\n"},
		{"long line", "a\n" + long + "\nb\n", "a\n" + tooLong + "\nb\n"},
		{"long line at the end", "a\n" + long, "a\n" + tooLong},
		{"long line in a key block", begin(private) + long + "\nb\n", masked + "\n" + tooLong + "\nb\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, out, stderr := call(tt.in)
			if diff := cmp.Diff(tt.want, out); diff != "" {
				t.Errorf("output (-want +got):\n%.2000s", diff)
			}
			if status != 0 || (stderr == "") != (tt.in == tt.want) {
				t.Errorf("status %d, summary %q", status, stderr)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	a, b := write(t, "a=lin@example.org\n"), write(t, "b\n")
	status, out, _ := call("ignored", a, b)
	if status != 0 || out != "a=[REDACTED:pii.email]\nb\n" {
		t.Errorf("status %d, output %q", status, out)
	}
	// What was read before the failure is written; the status tells.
	status, out, stderr := call("", b, a+".gone", b)
	if status != statusWrong || out != "b\n" || !strings.Contains(stderr, "file.gone") {
		t.Errorf("status %d, output %q, standard error %q", status, out, stderr)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	lax, wrong := write(t, "without: [pii]\n"), write(t, "rulez: []\n")
	off := write(t, "without: [auth, password, financial, health, pii]\n")
	dry := write(t, "dry_run: true\n")
	crew := write(t, "rules:\n  - name: pii.crew\n    trigger: CREW-\n    pattern: CREW-[0-9]{6}\n")
	const found, clean = "to lin@example.org\n", "to all\n"
	tests := []struct {
		name, in string
		args     []string
		want     int
		out, err string // parts
	}{
		{"found", found, nil, 0, "[REDACTED:pii.email]", "       1  pii.email"},
		{"fail on a finding", found, []string{"--fail"}, 1, "[REDACTED:pii.email]", "pii.email"},
		{"fail on nothing", clean, []string{"-fail"}, 0, clean, ""},
		{"fail on a long line", strings.Repeat("x", maxLine+1), []string{"-fail"}, 1, tooLong, "1  lines or key blocks"},
		{"fail by policy", found, []string{"-policy", lax, "-fail"}, 0, found, ""},
		{"dry run", found, []string{"-policy", dry, "-quiet", "-fail"}, 1, found, "nothing was replaced"},
		{"wrong policy", found, []string{"-policy", wrong}, 2, "", wrong + ":1: rulez: unknown field"},
		{"unknown flag", found, []string{"-what"}, 2, "", "usage: scrub"},
		{"help is output", "", []string{"-h"}, 0, "usage: scrub [flags] [FILE…]", ""},
		{"standard input by name", found, []string{"-"}, 0, "[REDACTED:pii.email]", "pii.email"},
		{"explain a key", "", []string{"explain", "password", "x"}, 0, "pw.key\tpassword\tby its key\tbytes 0 to 1\n", ""},
		{"explain a text", "", []string{"-fail", "explain", "", "to lin@example.org"}, 1, "pii.email\tpii\tby its text\tbytes 3 to 18\n", ""},
		{"explain nothing", "", []string{"explain", "note", "to all"}, 0, "nothing found", ""},
		{"explain by policy", "", []string{"-policy", lax, "explain", "email", "lin@example.org"}, 0, "nothing found", ""},
		{"explain a rule of the policy", "", []string{"-policy", crew, "explain", "note", "to CREW-123456 all"}, 0, "pii.crew\tpii\tby its text\tbytes 3 to 14\n", ""},
		{"explain a statement", "", []string{"explain", "db.statement", "SELECT 1"}, 0, "pii.sql\tpii\tby its key\tbytes 0 to 8\n", ""},
		{"explain too little", "", []string{"explain", "x"}, 2, "", "usage: scrub explain"},
		{"check", "", []string{"check", lax}, 0, "usable", ""},
		{"check what is off", "", []string{"check", off}, 0, "usable, 0 rules", ""},
		{"check what is wrong", "", []string{"check", wrong}, 2, "", "unknown field"},
		{"check nothing", "", []string{"check"}, 2, "", "usage: scrub check"},
		{"redaction by policy", "", []string{"-policy", lax, "redaction"}, 0, "processors:\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, out, stderr := call(tt.in, tt.args...)
			if status != tt.want || !strings.Contains(out, tt.out) || !strings.Contains(stderr, tt.err) || (tt.err == "") != (stderr == "") {
				t.Errorf("status %d, want %d; output %q, want %q; standard error %q, want %q", status, tt.want, out, tt.out, stderr, tt.err)
			}
		})
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	if status, _, stderr := call("to lin@example.org", "-quiet", "-fail"); status != statusFound || stderr != "" {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
}

// The first line is there before the second comes, so that `tail -f | scrub`
// shows what happens.
func TestFilterDoesNotHoldLinesBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	parts := []string{"one\n", "two\nthr", "ee\n", ""}
	shown := []string{"", "one\n", "one\ntwo\n", "one\ntwo\nthree\n"}
	in := readerFunc(func(p []byte) (int, error) {
		if out.String() != shown[0] {
			t.Errorf("before the next part: %q, want %q", out.String(), shown[0])
		}
		n := copy(p, parts[0])
		if parts, shown = parts[1:], shown[1:]; len(parts) == 0 {
			return 0, os.ErrClosed
		}
		return n, nil
	})
	var stderr bytes.Buffer
	if status := run(nil, in, &out, &stderr); status != statusWrong {
		t.Errorf("status %d after an error of the input", status)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A full disk must not look like success.
func TestFilterReportsWriteErrors(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	if status := run(nil, strings.NewReader("a\n"), failWriter{}, &stderr); status != statusWrong || !strings.Contains(stderr.String(), os.ErrClosed.Error()) {
		t.Errorf("status %d, standard error %q", status, &stderr)
	}
}

type failWriter struct{}

func (failWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

// The shipped configuration must be that of the rules.
func TestRedactionIsFresh(t *testing.T) {
	t.Parallel()
	_, want, _ := call("", "redaction")
	got, err := os.ReadFile("../../../collector-config/redaction.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("collector-config/redaction.yaml is stale; `make redaction` rewrites it (-file +rules):\n%s", diff)
	}
}

func BenchmarkFilter(b *testing.B) {
	in := strings.Repeat(session+"\n", 1000)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		call(in, "-quiet")
	}
}
