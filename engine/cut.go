package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A changed expression mostly differs from the base's in one place, and so does, in what it reads, the expression of a
// rule that reads a changed one. What stands there is evaluated first: if it comes to the same, so does all around it.

// cut is an expression of a trial, taken apart at the place where it differs from the base's.
type cut struct {
	// same: neither the expression differs nor anything that it reads.
	same bool
	// differing is the smallest part in which all differences lie; it may be the whole expression.
	differing rewritten
	// usual is what stands in its place in the base, around what stands around it in both: a part, and the expression
	// that reads it as triedPart. Nil if all of the expression differs.
	usual  *part
	around rewritten
}

// triedPart is the name by which the rest of an expression reads what its differing part gave.
const triedPart = "tried"

// cutKey says which rule is cut, and which of those that it may read record otherwise.
type cutKey struct {
	rule   int
	differ string
}

// cutOf takes a rule's expression apart; `differs` are the rules that record otherwise than in the base. The same changes
// are tried on many cases: they are taken apart once.
func (s *ruleSet) cutOf(base *ruleSet, index int, differs []bool) *cut {
	var read []byte
	for writer, differ := range differs[:index] {
		if differ && (slices.Contains(s.plan.reads[index], writer) || slices.Contains(base.plan.reads[index], writer)) {
			read = strconv.AppendInt(append(read, ' '), int64(writer), 10)
		}
	}
	key := cutKey{index, string(read)}
	if s.cuts == nil {
		s.cuts = map[cutKey]*cut{}
	}
	if s.cuts[key] == nil {
		c := cutter{base: base, set: s, changed: s.rules[index], usual: base.rules[index], differs: differs, readsSame: len(read) == 0}
		s.cuts[key] = c.cut()
	}
	return s.cuts[key]
}

// cutter takes one expression apart.
type cutter struct {
	base, set      *ruleSet
	changed, usual *rule
	differs        []bool
	// readsSame: nothing that the rule reads differs.
	readsSame bool
}

func (c *cutter) cut() *cut {
	whole, usually := parsed(c.changed.query), parsed(c.usual.query)
	if !c.differ(whole, usually) {
		return &cut{same: true}
	}
	place, usualPlace := c.differingPart(&whole, &usually)
	differing, usual := *place, (*usualPlace).String()
	found := &cut{differing: rewrite(differing, c.partOfBase)}
	if place == &whole {
		return found
	}
	*place, *usualPlace = selectorOf(triedPart), selectorOf(triedPart)
	if whole.String() != usually.String() {
		// What is around them is not the same.
		return &cut{differing: rewrite(parsed(c.changed.query), c.partOfBase)}
	}
	found.usual = c.base.shared.one(c.usual.group.part(usual))
	found.around = rewrite(whole, c.partOfBase)
	return found
}

// differingPart gives the place of the smallest part that can be read from series and has all differences in it, in both
// expressions: the whole, if there is none.
func (c *cutter) differingPart(whole, usually *parser.Expr) (place, usualPlace *parser.Expr) {
	place, usualPlace = whole, usually
	for at, usualAt := whole, usually; ; {
		if reusable(*at) && reusable(*usualAt) {
			place, usualPlace = at, usualAt
		}
		mine, theirs := operands(*at), operands(*usualAt)
		if len(mine) != len(theirs) {
			return place, usualPlace
		}
		differing := -1
		for i := range mine {
			if !c.differ(*mine[i], *theirs[i]) {
				continue
			}
			if differing >= 0 {
				return place, usualPlace
			}
			differing = i
		}
		if differing < 0 {
			return place, usualPlace
		}
		at, usualAt = mine[differing], theirs[differing]
	}
}

// differ says whether a part may give something else than one of the base.
func (c *cutter) differ(one, usual parser.Expr) bool {
	return one.String() != usual.String() || c.readsOther(one)
}

// readsOther says whether a part may read what is recorded otherwise.
func (c *cutter) readsOther(one parser.Expr) bool {
	if c.readsSame {
		return false
	}
	return slices.ContainsFunc(selectors(one), func(s *parser.VectorSelector) bool {
		other := func(w written) bool { return c.differs[w.rule.index] && mayMatch(s.LabelMatchers, w.labels) }
		return slices.ContainsFunc(c.set.plan.writers.of(s), other) || slices.ContainsFunc(c.base.plan.writers.of(s), other)
	})
}

// partOfBase gives what a part is in the base, if it stands there, too, and gives the same there.
func (c *cutter) partOfBase(one parser.Expr) *part {
	text := one.String()
	if strings.Contains(text, partLabel) || !c.base.shared.standsIn(c.usual, text) || c.readsOther(one) {
		return nil
	}
	return c.base.shared.one(c.usual.group.part(text))
}

// found gives what a rule's expression comes to in a trial: the base's own result, if that is the same.
func (c *evaluationCase) found(e *evaluation, r *rule, differs []bool) (found *result, done func()) {
	base := c.base.runs[r.index].result
	by := e.rules.cutOf(c.base.rules, r.index, differs)
	if by.same && base != nil {
		return base, func() {}
	}
	e.queries.parts, e.brokenParts = c.base.queries.parts, c.base.brokenParts
	// An expression by itself may hold more samples than one in parts.
	if by.same || e.queries.mayExceedInstant(r.expr) || !c.base.haveParts(by.differing.needs, r.group) {
		return e.resultOf(r.expr, r.query, r.group)
	}
	found, done = e.resultOf(by.differing.expr, by.differing.query, r.group)
	if by.usual != nil {
		gave, failures := found.asSeries(e.timeline, r.group), len(found.failures)
		done()
		switch {
		case failures > 0 || !c.base.haveParts([]*part{by.usual}, r.group):
			return e.resultOf(r.expr, r.query, r.group)
		case base != nil && slices.EqualFunc(gave, e.queries.parts[by.usual.name], sameLabelled):
			return base, func() {}
		case !c.base.haveParts(by.around.needs, r.group):
			return e.resultOf(r.expr, r.query, r.group)
		}
		e.queries.parts[triedPart] = gave
		defer delete(e.queries.parts, triedPart)
		found, done = e.resultOf(by.around.expr, by.around.query, r.group)
	}
	if base != nil && found.same(base) {
		done()
		return base, func() {}
	}
	return found, done
}

func sameLabelled(a, b *series) bool { return labels.Equal(a.labels, b.labels) && a.same(b) }
