package otelkit

import (
	"bytes"
	"strings"
	"testing"
)

func TestAnnouncementIsScrubbed(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	token := strings.Join([]string{"ghp", strings.Repeat("x1Y2", 9)}, "_")
	kit, err := Init(t.Context(), WithoutGlobals(), WithServiceName("shop password="+token), WithConsole(ConsoleOff), WithDiagnostics(&said))
	if err != nil {
		t.Fatal(err)
	}
	if err := kit.Shutdown(t.Context()); err != nil { // what was said is written by then
		t.Error(err)
	}
	if got := said.String(); !strings.Contains(got, "service shop") || strings.Contains(got, token) {
		t.Errorf("said %q", got)
	}
}
