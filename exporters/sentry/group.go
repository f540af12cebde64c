package sentry

import "slices"

// group sorts candidates by cause, in the order in which they were first seen.
func group(candidates []*candidate) [][]*candidate {
	var groups [][]*candidate
next:
	for _, c := range candidates {
		for i, g := range groups {
			for _, member := range g {
				if causeOf(member).same(causeOf(c)) {
					groups[i] = append(g, c)
					continue next
				}
			}
		}
		groups = append(groups, []*candidate{c})
	}
	return joinTold(groups)
}

// joinTold puts the records that tell of a failure by its text to that failure.
// Those that tell of several go to the first: what they report together are
// different failures.
func joinTold(groups [][]*candidate) [][]*candidate {
	for i, g := range groups {
		if slices.ContainsFunc(g, (*candidate).failed) {
			continue
		}
		if of := slices.IndexFunc(groups, func(other []*candidate) bool { return tellOf(g, other) }); of >= 0 {
			groups[of], groups[i] = append(groups[of], g...), nil
		}
	}
	return slices.DeleteFunc(groups, func(g []*candidate) bool { return g == nil })
}

// tellOf reports whether a record of g tells of a failure of other.
func tellOf(g, other []*candidate) bool {
	return slices.ContainsFunc(g, func(c *candidate) bool {
		return len(c.told) > 0 && slices.ContainsFunc(other, func(o *candidate) bool { return causeOf(c).cites(causeOf(o)) != "" })
	})
}
