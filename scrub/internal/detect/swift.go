package detect

import "strings"

var ruleSWIFT = builtin("financial.swift", Financial, "SWIFT MT103 usage guidelines: fields 50a ordering customer, 59a beneficiary customer")

// swiftParties are the fields of a message of SWIFT that name a customer.
var swiftParties = [...]string{":50:", ":50A:", ":50F:", ":50K:", ":50H:", ":59:", ":59A:", ":59F:"}

// swiftHead starts the first block, before the code of a bank.
const swiftHead = "F01"

// swift masks account, name and address of the customers in the message whose first
// block holds the word at i: {1:F01BANKBEBBAXXX….
func (sc *scan) swift(i int) {
	if i < sc.commanded || !strings.HasSuffix(sc.text[:i], "{1:") {
		return
	}
	rest := sc.text[i:min(len(sc.text), i+maxCard)]
	if n := strings.Index(rest, "-}"); n > 0 {
		rest = rest[:n]
	}
	sc.steps += len(rest)
	sc.commanded = i + len(rest)
	party, escaped := false, !strings.Contains(rest, "\n")
	for start := 0; start < len(rest); {
		line, skip := lineAt(rest[start:], escaped)
		from := start
		if strings.HasPrefix(line, ":") {
			party = false
			for _, field := range swiftParties {
				if strings.HasPrefix(line, field) {
					party, from = true, start+len(field)
				}
			}
		}
		if party && legible(rest[from:start+len(line)]) {
			sc.ahead(ruleSWIFT, i+from, i+start+len(line))
		}
		start += len(line) + skip
	}
}
