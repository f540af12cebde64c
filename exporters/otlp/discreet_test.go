package otlp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

type fixedClient struct {
	client
	result
}

func (c fixedClient) send(context.Context, []byte) result { return c.result }

func TestWhatTheReceiverRepeatsIsHidden(t *testing.T) {
	t.Parallel()
	key := "0123456789" + "abcdef"
	c := func(r result) client {
		return newDiscreet(fixedClient{result: r}, Endpoint{Headers: map[string]string{"authorization": "Bearer " + key, "team": "a"}}, target{url: &url.URL{}})
	}
	for text, want := range map[string]string{
		"bad key " + key + " of a team":   "bad key *** of a team",
		"header Bearer " + key:            "header ***",
		"cut: " + key[:7] + ellipsis:      "cut: ***" + ellipsis,
		"cut elsewhere" + ellipsis:        "cut elsewhere" + ellipsis,
		strings.Repeat(key, 2) + " twice": "****** twice",
	} {
		if got := c(result{err: errors.New(text)}).send(t.Context(), nil).err.Error(); got != want {
			t.Errorf("error %q became %q, want %q", text, got, want)
		}
		if got := c(result{warning: text}).send(t.Context(), nil).warning; got != want {
			t.Errorf("warning %q became %q, want %q", text, got, want)
		}
	}
	known := errors.New("connection refused")
	if got := c(result{err: known}).send(t.Context(), nil).err; !errors.Is(got, known) {
		t.Errorf("%v lost what it is", got)
	}
}

// A receiver that repeats all it got, as it came and decoded.
func TestWhatTheAddressHoldsIsHidden(t *testing.T) {
	t.Parallel()
	password, token, bare := "Zq8v "+"LmTr5xWp", "Kd93+"+"hFq7Ls02", "x7Bare"+"Key"
	inHeader := "hunter" + "two"
	pair := base64.StdEncoding.EncodeToString([]byte("svc1:" + inHeader))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusBadRequest)
		user, pw, _ := r.BasicAuth()
		switch r.Header.Get("X-Test") {
		case "decoded":
			fmt.Fprintf(w, "user %s, password %s, token %s", user, pw, r.FormValue("tok"))
		default:
			_, _ = io.WriteString(w, r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
		}
	}))
	defer srv.Close()
	for _, userinfo := range []bool{true, false} {
		for _, how := range []string{"as it came", "decoded"} {
			e := Endpoint{URL: srv.URL + "/v1/logs?" + bare + "&tok=" + url.QueryEscape(token), Headers: map[string]string{"x-test": how}}
			if userinfo {
				e.URL = strings.Replace(e.URL, "http://", "http://svc1:"+url.PathEscape(password)+"@", 1)
			} else {
				e.Headers["authorization"] = "Basic " + pair
			}
			got := sendOnce(t, e).err.Error()
			if !strings.Contains(got, "***") {
				t.Errorf("%s: %q hides nothing", how, got)
			}
			for _, secret := range []string{
				"svc1", password, url.PathEscape(password), token, url.QueryEscape(token), bare, inHeader, pair,
				base64.StdEncoding.EncodeToString([]byte("svc1:" + password)),
			} {
				if strings.Contains(got, secret) {
					t.Errorf("%s: %q holds %q", how, got, secret)
				}
			}
		}
	}
}
