package spotlight

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// page is a tab of a headless Chromium, spoken to in the DevTools protocol over
// a pair of pipes. It reaches nothing but this machine.
type page struct {
	t       *testing.T
	out     io.Writer
	in      *bufio.Reader
	session string
	calls   int
}

func openPage(t *testing.T, url string) *page {
	t.Helper()
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chromium", "--headless", "--remote-debugging-pipe",
		"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1400,1800",
		"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
		"--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	p := &page{t: t, out: ourOut, in: bufio.NewReader(ourIn)}
	t.Cleanup(func() {
		_, _ = p.try("Browser.close", nil)
		_ = ourOut.Close()
		_ = cmd.Wait()
		_ = ourIn.Close()
	})
	var target struct{ TargetID string }
	p.call("Target.createTarget", map[string]any{"url": url}, &target)
	var attached struct{ SessionID string }
	p.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p.session = attached.SessionID
	return p
}

// call makes a call and stores its result.
func (p *page) call(method string, params map[string]any, result any) {
	p.t.Helper()
	raw, err := p.try(method, params)
	if err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	if result != nil {
		if err := json.Unmarshal(raw, result); err != nil {
			p.t.Fatalf("%s: %v in %s", method, err, raw)
		}
	}
}

func (p *page) try(method string, params map[string]any) (json.RawMessage, error) {
	p.calls++
	msg := map[string]any{"id": p.calls, "method": method, "params": params}
	if p.session != "" && method != "Browser.close" {
		msg["sessionId"] = p.session
	}
	raw, err := json.Marshal(msg)
	if err != nil {
		return nil, err
	}
	if _, err := p.out.Write(append(raw, 0)); err != nil {
		return nil, err
	}
	for {
		raw, err := p.in.ReadBytes(0)
		if err != nil {
			return nil, err
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(raw[:len(raw)-1], &answer); err != nil {
			return nil, err
		}
		switch {
		case answer.ID != p.calls: // an event of the browser
		case answer.Error != nil:
			return nil, fmt.Errorf("%s", answer.Error.Message)
		default:
			return answer.Result, nil
		}
	}
}

// waitFor waits until the text of the page contains text and returns all of
// it, or fails with what there is after 60 seconds.
func (p *page) waitFor(text string) string {
	p.t.Helper()
	quoted, _ := json.Marshal(text)
	body := p.eval(fmt.Sprintf(`new Promise(resolve => {
		const wanted = %s, body = () => document.body ? document.body.innerText : "";
		const check = () => { if (body().includes(wanted)) resolve(body()); };
		new MutationObserver(check).observe(document, {childList: true, subtree: true, characterData: true});
		setTimeout(() => resolve(body()), 60000);
		check();
	})`, quoted))
	return body
}

// eval returns the text that a JavaScript expression or its promise yields.
func (p *page) eval(expression string) string {
	p.t.Helper()
	var r struct {
		Result struct{ Value any }
	}
	raw, err := p.try("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true})
	if err != nil && strings.Contains(err.Error(), "context was destroyed") {
		// The page was just loading. The next one stays.
		return p.eval(expression)
	}
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return fmt.Sprint(r.Result.Value)
}

// screenshot writes a picture of the page to file.
func (p *page) screenshot(file string) {
	p.t.Helper()
	var shot struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("screenshot in %s", file)
}
