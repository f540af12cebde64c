package detect

import (
	"strconv"
	"strings"
)

var (
	rulePEM   = builtin("auth.pem", Auth, "RFC 7468, PROTOCOL.key of OpenSSH, RFC 4880 section 6.2")
	rulePuTTY = builtin("auth.putty", Auth, "PuTTY manual, appendix C: PPK file format")
)

// pem looks at BEGIN: a block of a private key, whole or cut off.
func (sc *scan) pem(i int) {
	text := sc.text
	if !strings.HasSuffix(text[:i], "-----") && !strings.HasSuffix(text[:i], "---- ") {
		return
	}
	head := text[i:min(len(text), i+80)]
	dashes := strings.Index(head, "----")
	if dashes < 0 || !strings.Contains(head[:dashes], "PRIVATE KEY") {
		return
	}
	start := i + dashes
	for start < len(text) && text[start] == '-' {
		start++
	}
	end := start
	for end < len(text) {
		d := strings.Index(text[end:], "-----")
		if d < 0 {
			end = pemBody(text, start)
			break
		}
		end += d
		if tail := text[end:min(len(text), end+9)]; strings.HasPrefix(tail, "-----END") {
			break
		}
		if strings.HasPrefix(text[end:], "-----BEGIN") {
			end = pemBody(text[:end], start)
			break
		}
		for end < len(text) && text[end] == '-' {
			end++
		}
	}
	sc.steps += end - start
	for start < end && csSpace.has(text[start]) {
		start++
	}
	if end-start < 8 || placeholder(text[start:end]) || markerAt(text, start) > start {
		return
	}
	sc.found(rulePEM, start, end)
}

// pemBody returns where a block that was cut off ends: with what is not
// base64, header lines or white space.
func pemBody(text string, start int) int {
	end := start
	for end < len(text) && ((csStd64 | csSpace | csDash | csUnder).has(text[end]) || text[end] == '\\' || text[end] == ':' || text[end] == ',' || text[end] == '.') {
		end++
	}
	return end
}

// puttyHead starts the private lines of a PuTTY key.
const puttyHead = "Private-Lines: "

// putty looks at the private lines of a PuTTY key.
func (sc *scan) putty(i int) {
	text := sc.text
	if !strings.HasPrefix(text[i:], puttyHead) {
		return
	}
	start := sc.runEnd(csDigit, i+len(puttyHead))
	lines, _ := strconv.Atoi(text[i+len(puttyHead) : start])
	for start < len(text) && csSpace.has(text[start]) {
		start++
	}
	end := start
	for p := start; lines > 0; lines-- {
		line := p
		for p < len(text) && csStd64.has(text[p]) {
			p++
		}
		if p == line {
			break
		}
		for end = p; p < len(text) && csSpace.has(text[p]); p++ {
		}
	}
	sc.steps += end - start
	if end-start >= 16 {
		sc.found(rulePuTTY, start, end)
	}
}
