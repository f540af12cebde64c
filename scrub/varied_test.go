package scrub

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// prose is what services write about.
var prose = strings.Fields(`the a connection request worker queue cluster node shard replica leader follower pod container image volume disk memory
	cache index table row column batch stream topic consumer producer offset partition commit rollback transaction snapshot backup restore
	scheduler job task retry timeout deadline exceeded refused reset closed opened started stopped finished failed succeeded accepted
	waiting for with from to on at after before during while because and or not is was has been will be user customer order invoice
	payment product category price stock warehouse shipment delivery email message notification template event handler middleware router
	server client upstream downstream proxy gateway balancer health check probe metrics trace span log level info debug warning error
	panic recovered goroutine thread process signal shutdown startup configuration loaded reloaded default value missing invalid unknown
	unexpected end of file permission denied too many open files no such host address already in use broken pipe token expired session
	created updated deleted found skipped ignored pending active inactive enabled disabled region zone version release build deploy canary`)

var idents = strings.Fields(`method path status bytes duration_ms elapsed took host port peer caller component module service version region zone
	node pod namespace container shard partition offset topic group queue attempt retries table rows count total items size limit page
	order_id requestId trace_id span_id user_agent event kind reason state phase operation http.method http.route db.system rpc.service
	thread logger class file line func worker job_id tenant currency amount latency_p99 cpu mem goroutines heap_mb ratio uptime`)

// varied makes texts of many styles, always the same ones.
type varied struct{ *rand.Rand }

func (v varied) pick(from ...string) string { return from[v.IntN(len(from))] }
func (v varied) hex(n int) string {
	return v.from("0123456789abcdef", n)
}

func (v varied) from(set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[v.IntN(len(set))]
	}
	return string(b)
}

func (v varied) uuid() string {
	return v.hex(8) + "-" + v.hex(4) + "-4" + v.hex(3) + "-a" + v.hex(3) + "-" + v.hex(12)
}

func (v varied) words(n int) string {
	w := make([]string, n)
	for i := range w {
		w[i] = v.pick(prose...)
	}
	return strings.Join(w, " ")
}

func (v varied) time() string {
	return fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02d.%03dZ", 1+v.IntN(12), 1+v.IntN(28), v.IntN(24), v.IntN(60), v.IntN(60), v.IntN(1000))
}

func (v varied) ip() string {
	return fmt.Sprintf("10.%d.%d.%d", v.IntN(256), v.IntN(256), v.IntN(256))
}

func (v varied) path() string {
	return "/" + v.pick("api/v1", "api/v2", "static", "internal", "admin") + "/" + v.pick(prose...) + "s/" + v.pick(v.uuid(), fmt.Sprint(v.IntN(100000)), "{id}", v.pick(prose...))
}

func (v varied) agent() string {
	return v.pick("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36", "curl/8.5.0", "Go-http-client/2.0", "kube-probe/1.29",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_3) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Safari/605.1.15", "python-requests/2.31.0", "okhttp/4.12.0")
}

func (v varied) pair() (key, value string) {
	return v.pick(idents...), v.pick(fmt.Sprint(v.IntN(1000)), fmt.Sprint(v.IntN(1000000)), v.pick(prose...), fmt.Sprintf("%.2fms", v.Float64()*100), v.ip(), v.hex(16), "true")
}

func (v varied) line() string {
	var b strings.Builder
	switch v.IntN(10) {
	case 0: // logfmt
		fmt.Fprintf(&b, "level=%s ts=%s msg=%q", v.pick("info", "warn", "error", "debug"), v.time(), v.words(3+v.IntN(4)))
		for range 2 + v.IntN(3) {
			key, value := v.pair()
			b.WriteString(" " + key + "=" + value)
		}
	case 1: // JSON
		fmt.Fprintf(&b, `{"level":%q,"time":%q,"msg":%q`, v.pick("info", "warn"), v.time(), v.words(3+v.IntN(3)))
		for range 1 + v.IntN(3) {
			key, value := v.pair()
			fmt.Fprintf(&b, ",%q:%q", key, value)
		}
		b.WriteByte('}')
	case 2: // combined log format
		fmt.Fprintf(&b, `%s - - [%02d/Mar/2026:%02d:%02d:%02d +0000] "%s %s HTTP/1.1" %d %d "-" %q`, v.ip(), 1+v.IntN(28), v.IntN(24), v.IntN(60), v.IntN(60), v.pick("GET", "POST", "PUT"), v.path(), 200+v.IntN(300), v.IntN(90000), v.agent())
	case 3: // syslog
		fmt.Fprintf(&b, "Mar %2d %02d:%02d:%02d %s-%d %s[%d]: %s", 1+v.IntN(28), v.IntN(24), v.IntN(60), v.IntN(60), v.pick("web", "db", "node"), v.IntN(40), v.pick("sshd", "kernel", "systemd", "cron", "dhclient"), v.IntN(30000), v.words(8+v.IntN(8)))
	case 4: // Java
		fmt.Fprintf(&b, "%s %s [%s-%d] com.example.%s.%sService - %s", v.time(), v.pick("INFO", "WARN", "ERROR"), v.pick("http-nio-8080-exec", "pool-3-thread", "main"), v.IntN(60), v.pick("orders", "billing", "search"), v.pick("Order", "Invoice", "Search"), v.words(6+v.IntN(6)))
	case 5: // glog
		fmt.Fprintf(&b, "I03%02d %02d:%02d:%02d.%06d %7d %s.go:%d] %s %q", 1+v.IntN(28), v.IntN(24), v.IntN(60), v.IntN(60), v.IntN(1000000), v.IntN(90000), v.pick("reconciler", "controller", "kubelet"), v.IntN(900), v.words(4+v.IntN(4)), v.pick("kube-system", "default")+"/"+v.pick("coredns", "etcd")+"-"+v.hex(9))
	case 6: // a sentence with figures
		fmt.Fprintf(&b, "%s %d %s in %.1f ms, %s %d of %d", v.words(4), v.IntN(5000), v.words(3), v.Float64()*900, v.words(4+v.IntN(3)), v.IntN(10), 10+v.IntN(90))
	case 7: // an error with its causes
		fmt.Fprintf(&b, "%s: %s %s:%d: %s: %s (%s)", v.words(3), v.pick("dial tcp", "read tcp", "lookup"), v.ip(), 1000+v.IntN(9000), v.words(2), v.words(5), v.uuid())
	case 8: // a request
		fmt.Fprintf(&b, "%s https://%s.example.com%s?page=%d&limit=%d&sort=%s %d %s", v.pick("GET", "POST", "DELETE"), v.pick("www", "api", "shop"), v.path(), v.IntN(50), v.IntN(100), v.pick(prose...), 200+v.IntN(300), v.words(3))
	default: // ids and digests
		fmt.Fprintf(&b, "%s sha256:%s for %s %s at %s", v.words(2), v.hex(32), v.pick("image", "commit", "layer"), v.uuid(), v.path())
	}
	return b.String()
}

func (v varied) value() string {
	switch v.IntN(12) {
	case 0:
		return v.path()
	case 1:
		return v.uuid()
	case 2:
		return v.ip() + ":8443"
	case 3:
		return v.time()
	case 4:
		return v.words(1 + v.IntN(4))
	case 5:
		return v.pick(prose...) + "-" + v.pick(prose...) + "-" + v.hex(9)
	case 6:
		return v.pick("application/json; charset=utf-8", "text/plain", "HTTP/1.1", "grpc-status-ok", "postgresql")
	case 7:
		return v.hex(16)
	case 8:
		return v.pick("checkout", "orders", "billing") + "-service"
	case 9:
		return fmt.Sprintf("v%d.%d.%d", v.IntN(9), v.IntN(90), v.IntN(20))
	case 10:
		return "com.example." + v.pick("orders", "billing") + "." + v.pick("Order", "Invoice") + "Service." + v.pick("create", "findAll", "update")
	default:
		return "internal/" + v.pick(prose...) + "/" + v.pick(prose...) + fmt.Sprintf(".go:%d", v.IntN(900))
	}
}

// variedTexts returns n clean texts that f makes, of low to high bytes.
func variedTexts(b *testing.B, s *Scrubber, n, low, high int, f func(varied) string) []string {
	v := varied{rand.New(rand.NewPCG(1, 2))}
	var out []string
	for tries := 0; len(out) < n; tries++ {
		if tries > 20*n {
			b.Fatal("too few clean texts")
		}
		if text := f(v); len(text) >= low && len(text) <= high && s.String(text) == text {
			out = append(out, text)
		}
	}
	return out
}

func BenchmarkVaried(b *testing.B) {
	s, err := New()
	if err != nil {
		b.Fatal(err)
	}
	lines := variedTexts(b, s, 512, 90, 180, varied.line)
	values := variedTexts(b, s, 512, 8, 40, varied.value)
	b.Run("lines/scan", func(b *testing.B) { benchPlain(b, lines) })
	b.Run("lines/scrub", func(b *testing.B) { benchString(b, lines) })
	b.Run("values/scan", func(b *testing.B) { benchPlain(b, values) })
	b.Run("values/scrub", func(b *testing.B) { benchString(b, values) })
	records := make([][]attribute.KeyValue, 64)
	for i := range records {
		for k := range 10 {
			key := attribute.Key(idents[(i*7+k*3)%len(idents)])
			switch k {
			case 0, 1, 2, 3:
				records[i] = append(records[i], key.String(values[(i*4+k)%len(values)]))
			case 4:
				records[i] = append(records[i], key.Bool(true))
			case 5:
				records[i] = append(records[i], key.Float64(0.75))
			default:
				records[i] = append(records[i], key.Int(i*k*1001))
			}
		}
	}
	b.Run("records", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			for _, kv := range records[i%len(records)] {
				s.keyValue(sigLogs, kv)
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}
