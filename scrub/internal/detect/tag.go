package detect

import "strings"

// elemented knows keys that stand in quotes, as the name of an element whose text
// is the value.
func (sc *scan) elemented(f *following) outcome {
	if !f.closed || f.c == '>' || !named(sc.text, f.keyStart) {
		return another
	}
	p := sc.element(f.p)
	if p == f.p {
		return another
	}
	return f.holding(p, sc.textEnd(p), sepTag)
}

// textEnd returns where the text of an element ends that starts at p.
func (sc *scan) textEnd(p int) int {
	return sc.until(&sc.tag, p, func(i int) bool { return sc.text[i] == '<' })
}

// inside says that the value is the text of an element that starts at p.
func (sc *scan) inside(f *following, p int) outcome {
	end := sc.textEnd(p)
	f.cut = end-p >= maxValue
	return f.holding(p, end, sepTag)
}

// taggedEscaped knows keys in quotes that end a tag as Go escapes it in JSON:
// \u003centry key=\"password\"\u003ex\u003c/entry\u003e.
func (sc *scan) taggedEscaped(f *following) outcome {
	const less, greater = `\u003c`, `\u003e`
	text := sc.text
	if !f.closed || !strings.HasPrefix(text[f.p:], greater) {
		return another
	}
	start := f.p + len(greater)
	n := strings.Index(text[start:min(len(text), start+maxValue)], less)
	sc.steps += max(n, 0)
	f.pair = true
	return f.holding(start, start+max(n, 0), sepTag)
}

// tagged knows keys that are the name of a tag, or end one.
func (sc *scan) tagged(f *following) outcome {
	text := sc.text
	if f.c != '>' || f.before != '<' && !(f.before == ':' && prefixed(text, f.keyStart-1)) && !f.closed {
		return another
	}
	p := sc.attributeValue(f.p + 1)
	if inner, ok := strings.CutPrefix(text[p:min(len(text), p+maxValue)], "<![CDATA["); ok {
		if n := strings.Index(inner, "]]>"); n > 0 {
			sc.steps += n
			start := p + len("<![CDATA[")
			return f.holding(start, start+n, sepTag)
		}
	}
	p = max(p, valueTag(text, p))
	sc.inside(f, p)
	// What is not closed has been cut off, or is none: AUTH <password> called without.
	value := text[p:f.end]
	if strings.HasPrefix(text[f.end:], "</") || f.cut || legible(value) && !strings.ContainsAny(value, " \t") && !afterSign(text, f.keyStart-1) {
		return found
	}
	return nothing
}

// prefixed tells whether the colon at p stands behind the prefix of a namespace that
// opens a tag: <ns2:password>, not </ns2:password>.
func prefixed(text string, p int) bool {
	start := p
	for start > 0 && p-start < 32 && (csWord | csDash | csDot).has(text[start-1]) {
		start--
	}
	return start < p && start > 0 && text[start-1] == '<'
}

// taggedOtherwise knows keys that are an attribute of a tag or the text of one,
// before the one that holds the value.
func (sc *scan) taggedOtherwise(f *following) outcome {
	text, p := sc.text, f.p
	if f.closed && p > f.keyEnd+1 { // <Attribute Name="…" NameFormat="…"><AttributeValue>
		end := sc.tagEnd(p)
		if start := sc.attributeValue(end); start > end {
			return sc.inside(f, start)
		}
	}
	if f.before == '<' && (f.c == 'x' || f.c == 'T' || f.c == 't') && sc.tagEnd(p) > p { // <Password Type="…">
		sc.inside(f, sc.tagEnd(p))
		if strings.HasPrefix(text[f.end:], "</") {
			return found
		}
		return nothing
	}
	if f.c != '<' || f.before != '>' {
		return another
	}
	if start := sc.data(p); start > p { // <td>Password</td><td>
		if end := sc.textEnd(start); end > start && sc.speaks(start, end) {
			return f.holding(start, end, sepTag)
		}
		return nothing
	}
	if start := sc.property(p); start > p { // <key>password</key><string>
		return sc.inside(f, start)
	}
	return another
}

// attributeValue returns where the value of an attribute of SAML stands behind
// the tag at p that holds it, or p.
func (sc *scan) attributeValue(p int) int {
	q := skipSpace(sc.text, p)
	tag, _, ok := strings.Cut(sc.text[q:min(len(sc.text), q+maxCode)], ">")
	sc.steps += len(tag)
	name, _, _ := strings.Cut(tag, " ")
	if ok && strings.HasPrefix(name, "<") && strings.HasSuffix(name, "AttributeValue") {
		return q + len(tag) + 1
	}
	return p
}

// data returns where the cell stands that follows the one which ends at p, in a
// table or a list of HTML, or p.
func (sc *scan) data(p int) int {
	for _, pair := range [...][2]string{{"</td>", "<td>"}, {"</th>", "<td>"}, {"</dt>", "<dd>"}} {
		if !strings.HasPrefix(sc.text[p:], pair[0]) {
			continue
		}
		if q := skipSpace(sc.text, p+len(pair[0])); strings.HasPrefix(sc.text[q:], pair[1]) {
			return q + len(pair[1])
		}
	}
	return p
}

// escapedTag reads the value in a tag as Go escapes it in JSON, or as it stands
// in other HTML: \u003cpassword\u003ex\u003c/password\u003e.
func (sc *scan) escapedTag(a *assignment, p int) bool {
	text := sc.text
	if strings.HasPrefix(text[p:], `\u003d`) { // password\u003dx
		a.sep = sepEqual
		sc.valueAt(a, p+len(`\u003d`))
		return true
	}
	open, end := `\u003e`, `\u003c`
	if strings.HasPrefix(text[p:], "&gt;") { // in HTML: &lt;password&gt;x&lt;/password&gt;
		open, end = "&gt;", "&lt;"
	}
	if !strings.HasPrefix(text[p:], open) || !strings.HasSuffix(text[:a.keyStart], end) {
		return false
	}
	a.sep, a.start = sepTag, p+len(open)
	n := strings.Index(text[a.start:min(len(text), a.start+maxValue)], end)
	sc.steps += max(n, 0)
	a.end = a.start + max(n, 0)
	return true
}

// tagEnd returns where a tag ends whose attributes stand at p, or p.
func (sc *scan) tagEnd(p int) int {
	rest := sc.text[p:min(len(sc.text), p+200)]
	n := strings.IndexByte(rest, '>')
	sc.steps += max(n, 0)
	if n < 2 || rest[n-1] == '/' || rest[n-1] != '"' && rest[n-1] != '\'' || strings.IndexByte(rest[:n], '=') < 0 || strings.IndexByte(rest[:n], '<') >= 0 {
		return p
	}
	return p + n + 1
}

// valueTag returns where the value stands in an element at p, behind blanks,
// that is named so: <value>x</value>. Otherwise it returns p.
func valueTag(text string, p int) int {
	q := skipSpace(text, p)
	for _, tag := range [...]string{"<value>", "<string>", "<param-value>", "<Value>", "<env-entry-value>"} {
		if strings.HasPrefix(text[q:], tag) {
			return q + len(tag)
		}
	}
	return p
}

// element returns where the value stands in an element whose tag has more
// attributes at p: <setting name="Password" serializeAs="String"><value>x. It
// returns p if there is none.
func (sc *scan) element(p int) int {
	rest := sc.text[p:min(len(sc.text), p+96)]
	n := strings.IndexByte(rest, '>')
	sc.steps += max(n, 0)
	if n < 0 || strings.IndexByte(rest[:n], '<') >= 0 || strings.HasSuffix(rest[:n], "/") {
		return p
	}
	if q := valueTag(sc.text, p+n+1); q > p+n+1 {
		return q
	}
	return p
}

// property returns where the value stands that follows a name, the end of whose
// element stands at p: </key><string>, </name><value>. Otherwise it returns p.
func (sc *scan) property(p int) int {
	for _, tag := range [...]string{"</key>", "</name>", "</param-name>", "</Name>", "</Key>", "</env-entry-name>"} {
		if !strings.HasPrefix(sc.text[p:], tag) {
			continue
		}
		if q := valueTag(sc.text, p+len(tag)); q > p+len(tag) {
			return q
		}
	}
	return p
}
