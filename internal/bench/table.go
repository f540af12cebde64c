package bench

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteTable writes rows as a table that Markdown understands too. The first
// row is the heading; the first column stands left, the others right.
func WriteTable(w io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	rule := make([]string, len(widths))
	for i, n := range widths {
		rule[i] = strings.Repeat("-", n-1) + ":"
	}
	rule[0] = strings.Repeat("-", widths[0])
	var b strings.Builder
	for i, row := range rows {
		writeRow(&b, row, widths)
		if i == 0 {
			writeRow(&b, rule, widths)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeRow(b *strings.Builder, row []string, widths []int) {
	for i, cell := range row {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i == 0 {
			fmt.Fprintf(b, "| %s%s |", cell, pad)
		} else {
			fmt.Fprintf(b, " %s%s |", pad, cell)
		}
	}
	b.WriteByte('\n')
}
