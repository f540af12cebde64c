package detect

import "strings"

// givers are methods that give a literal to what is named before them, or
// compare it.
var givers = wordSet(`sendkeys send_keys type fill setvalue set_value val set assign tobe toequal tostrictequal equals equalsignorecase equal eq eql isequalto presssequentially press_sequentially inserttext`)

// comparers compare two texts; whatever literal stands beside a key is its
// value.
var comparers = wordSet(`strcmp strncmp strcasecmp stricmp memcmp compare compareto comparesync hash_equals assertequals assertequal assertsame equal equals requireequal constanttimecompare`)

// given returns where the literal stands that a call gives to the key, whose
// closers end at p, or p: strcmp(password, "x"), fill('#password', 'x'),
// find("password").sendKeys("x"), expect(password).toBe('x').
func (sc *scan) given(a *assignment, p int) int {
	text := sc.text
	var name int
	q, sure := p+1, true
	switch {
	case text[p] == ',': // the next argument
		open := sc.opener(a.keyStart)
		if text[open] == '{' && open+1 == a.keyStart { // {password, "x"} of Erlang
			q = skipBlank(text, q)
			if strings.HasPrefix(text[q:], "<<") {
				q += 2
			}
			break
		}
		if open == 0 || text[open-1] != '(' {
			return p
		}
		name = sc.back(csWord, open-1, 24)
		sure = folded(comparers, text[name:open-1]) || folded(givers, text[name:open-1])
		q = skipBlank(text, q)
	case text[p] == '.' && text[p-1] == ')':
		for q < len(text) && q-p < 24 && csWord.has(text[q]) {
			q++
		}
		if q >= len(text) || text[q] != '(' || !folded(givers, text[p+1:q]) {
			return p
		}
		q++
	default:
		return p
	}
	sc.steps += q - p
	if q+1 >= len(text) || text[q] != '"' && text[q] != '\'' {
		return p
	}
	end := sc.quoteEnd(text[q], 0, q+1)
	value := text[q+1 : end]
	if strings.IndexByte(value, ' ') >= 0 || len(value) < 4 || !mixed(value) || !sure && !guarded(value) || strings.IndexByte("),}>", sc.byteAt(end+1)) < 0 {
		return p
	}
	return q
}

// selects tells whether the key is named in the selector of an element:
// '#password', "input[type='password']".
func (sc *scan) selects(a *assignment, p int) bool {
	return sc.byteAt(a.keyStart-1) == '#' || strings.IndexByte(sc.text[a.keyEnd:p], ']') >= 0
}

// opener returns where what the key is in starts: an expression before it, or a
// selector in quotes.
func (sc *scan) opener(keyStart int) int {
	text := sc.text
	low := max(sc.done, keyStart-maxKeyReach)
	p := keyStart
	for p > low && !csSpace.has(text[p-1]) && text[p-1] != '(' && text[p-1] != ',' {
		p--
	}
	sc.steps += keyStart - p
	return p
}

// equated returns the bounds of the literal whose method compares it with the
// key: "x".equals(password). There is none if end is 0.
func (sc *scan) equated(a *assignment) (start, end int) {
	text := sc.text
	for _, call := range [...]string{".equals(", ".equalsIgnoreCase(", ".Equals(", ".contentEquals("} {
		before, ok := strings.CutSuffix(text[:a.keyStart], call)
		if !ok || before == "" || before[len(before)-1] != '"' {
			continue
		}
		end = len(before) - 1
		start = strings.LastIndexByte(before[max(0, end-maxCode):end], '"')
		sc.steps += maxCode
		if start < 0 {
			return 0, 0
		}
		return max(0, end-maxCode) + start + 1, end
	}
	return 0, 0
}

// wrappers are what a literal is wrapped in and stays one.
var wrappers = [...]string{"Some(", "Optional(", "Optional[", "Just ", "Ok(", "String.valueOf(", "String::from(", "SecretString::from(", "SecretString::new(", "Secret::new(", "[]byte(", "aws.String(", "pulumi.String(", "proto.String(", "ptr.To(", "sensitive(", "Buffer.from(", "SecretValue.unsafePlainText("}

// unwrapped returns where the literal stands in one of wrappers at p, or p.
func unwrapped(text string, p int) int {
	if p >= len(text) || !csLetter.has(text[p]) && text[p] != '[' {
		return p
	}
	for _, w := range wrappers {
		if !strings.HasPrefix(text[p:], w) {
			continue
		}
		q := p + len(w)
		switch {
		case q >= len(text):
		case w == "Optional[":
			if guarded(strings.TrimRight(blankless(text, q), "]}")) {
				return q
			}
		case csQuote.has(text[q]) && !strings.Contains(text[q:min(len(text), q+maxKeyReach)], `\x`): // the magic number of a file
			return q
		}
	}
	return p
}
