package scrub

import (
	"strings"
	"testing"
)

// syntaxes are the ways in which programs, files and logs write a key and its
// value. K is the key, V the value.
var syntaxes = []string{
	`K=V`, `K = V`, `K: V`, `K:V`, `K="V"`, `K = "V"`, `K='V'`, `K: "V"`, `K: 'V'`, `"K":"V"`, `"K": "V"`, `{"K":"V","n":1}`, `{'K': 'V'}`, `K := "V"`, "K := `V`", `K => "V"`, `"K" => "V"`, `'K' => 'V',`,
	`:K => "V"`, `K ?= V`, `K ::= V`, `K :::= "V"`, `K != "V"`, `K == "V"`, `<K>V</K>`, `<ns:K>V</ns:K>`, `var K string = "V"`, `var K = "V";`, `const K = 'V'`, `String K = "V";`, `K: String = "V"`, `let K: &str = "V";`, `$K = "V";`, `export K=V`, `env K "V"`,
	`--K=V`, `--K V`, `-K V`, `-K=V`, `?K=V&x=1`, `&K=V`, `https://h/p?a=1&K=V`, `msg="ok" K=V n=1`, `level=info K="V" n=1`, `map[K:V n:1]`, `{K:V N:1}`, `{"name":"K","value":"V"}`, `{"key": "K", "value": "V"}`, `<add key="K" value="V"/>`, `- name: K` + "\n" + `  value: V`, `["K", "V"]`,
	`set("K", "V")`, `\"K\":\"V\"`, `\"K\": \"V\"`, `\\\"K\\\":\\\"V\\\"`, `line one\nK=V`, `K%3DV%26x%3D1`, `a%26K%3DV`, `\u0022K\u0022:\u0022V\u0022`, `// K = "V"`, `# K: V`, `K=V;`, `Server=h;K=V;Timeout=30`, `K->"V"`, `config["K"] = "V"`, `config['K']='V'`, `opts[:K] = "V"`, `K=b"V"`, `K = f'V'`, `K: [V]`, `K:[V]`, `  K:   V  `, `K	=	V`, `"K" : "V"`,
	`failed with K=V`, `got K "V" from client`, `(K=V)`, `[K=V]`, `K=V, next=1`, `K: V, next: 1`, `K=V|next`, `K = V # comment`,
}

func TestSyntaxes(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	pairs := []struct{ key, value string }{
		{"password", "hunt3r.Two"},
		{"DB_PASSWORD", "correcthorse"},
		{"userPassword", "S3cr&t"[:4] + "x9"},
		{"passwd", "qwert.zuiop"},
		{"api_key", "9f8a7c6d" + "5e4b3a2918"},
		{"acmeApiToken", "zq81Kx0Lm4" + "PvWs72Td"},
		{"ACME_SECRET", "u7Jk2mNq9" + "Rw4"},
		{"client-secret", "Qm9vZmFy" + "LTEyMw"},
		{"access_token", "b7e23ec29af22b0b4e41da31" + "e868d57226121c84"},
	}
	for _, syntax := range syntaxes {
		for _, p := range pairs {
			text := strings.NewReplacer("K", p.key, "V", p.value).Replace(syntax)
			got := s.String(text)
			if strings.Contains(got, p.value) {
				t.Errorf("%q stays in %q", p.value, got)
			}
			if again := s.String(got); again != got {
				t.Errorf("not idempotent: %q, then %q", got, again)
			}
			if key := p.key; !strings.Contains(got, key) {
				t.Errorf("%q lost its key: %q", text, got)
			}
		}
	}
}
