package main

import (
	"errors"
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// keeping counts how many samples may still be kept of what expressions gave.
type keeping struct{ room int }

// keep says whether a result is kept.
func (k *keeping) keep(found *result) bool {
	if k == nil {
		return false
	}
	size := found.samples()
	if size > k.room {
		return false
	}
	k.room -= size
	return true
}

// evaluationCase is a timeline and rules that stay loaded, so that changed rules can be tried on it. The base, which is
// the rules as they are, is evaluated once.
type evaluationCase struct {
	base *evaluation
	mode string
	// parts of the base's expressions, and their texts by rule: those that trials asked for.
	parts   map[partOf]*part
	partsOf map[*rule]map[string]bool
}

// openCase evaluates the rules as they are.
func (t *timeline) openCase(rules *ruleSet, mode string) (*evaluationCase, error) {
	base, err := t.evaluate(rules, mode, &keeping{room: t.maxSamples})
	return &evaluationCase{base: base, mode: mode, parts: map[partOf]*part{}, partsOf: map[*rule]map[string]bool{}}, err
}

// sameAsBase compares alerts and errors with those of the rules as they are.
func (c *evaluationCase) sameAsBase(tried *evaluation) bool {
	return tried == c.base || slices.EqualFunc(tried.runs, c.base.runs, (*run).sameAs)
}

// trial gives what the rules come to with some of them changed: the base itself, if neither alerts nor errors nor
// recorded series differ. It gives what evaluating all of the changed rules would give.
func (c *evaluationCase) trial(changes []ruleChange) (*evaluation, error) {
	changed, err := c.base.rules.with(changes)
	if err != nil {
		return nil, err
	}
	t := c.base.timeline
	if c.base.modeUsed == "stepwise" || changed.whyStepwise(t.input) != "" {
		return t.evaluate(changed, c.mode, nil)
	}
	if tried := c.above(changed); tried != nil {
		return tried, nil
	}
	return c.anew(changed), nil
}

// above evaluates only the rules that are changed or read what others now record differently, in a store above the
// base's. It gives nil where a series would be in both or two rules write it: then it takes a store of its own.
func (c *evaluationCase) above(rules *ruleSet) *evaluation {
	e := newEvaluation(c.base.timeline, rules, newStore(c.base.store))
	differs := make([]bool, len(e.runs))
	same := true
	for i, r := range rules.rules {
		reads := c.readsAny(rules, i, differs)
		if r == c.base.runs[i].rule && !reads {
			e.runs[i] = c.base.runs[i]
			continue
		}
		if c.base.store.sharers[i] {
			return nil
		}
		e.store.hidden[i] = true
		e.runs[i] = c.try(e, r, reads)
		if len(e.store.sharers) > 0 {
			return nil
		}
		differs[i] = !sameSeries(e.runs[i].writer, c.base.runs[i].writer)
		same = same && !differs[i] && e.runs[i].sameAs(c.base.runs[i])
	}
	if same {
		return c.base
	}
	return e
}

// anew takes every rule through its result again, in a new store; only what is new is evaluated.
func (c *evaluationCase) anew(rules *ruleSet) *evaluation {
	e := newEvaluation(c.base.timeline, rules, newStore(c.base.timeline.input))
	differs := make([]bool, len(e.runs))
	for i, r := range rules.rules {
		base := c.base.runs[i]
		reads := c.readsAny(rules, i, differs)
		differs[i] = reads || r != base.rule
		if !differs[i] && base.result != nil {
			e.runs[i] = e.follow(r, base.result)
		} else {
			e.runs[i] = c.try(e, r, reads)
		}
	}
	return e
}

// readsAny says whether a rule may read, now or in the base, what one of these records.
func (c *evaluationCase) readsAny(rules *ruleSet, reader int, writers []bool) bool {
	differs := func(writer int) bool { return writers[writer] }
	return slices.ContainsFunc(rules.plan.reads[reader], differs) ||
		slices.ContainsFunc(c.base.rules.plan.reads[reader], differs)
}

// try evaluates a rule in a trial. Unless it reads what differs, what the base's expression gave is used for it.
func (c *evaluationCase) try(e *evaluation, r *rule, reads bool) *run {
	base := c.base.runs[r.index]
	if !reads && r.query == base.rule.query && base.result != nil {
		found := base.result
		if !labels.Equal(r.labels, base.rule.labels) {
			found = found.withOwnSources()
		}
		return e.follow(r, found)
	}
	by := rewritten{}
	if !reads {
		by = c.withPartsOfBase(r)
		c.base.haveParts(by.needs, r.group)
		e.queries.parts, e.brokenParts = c.base.queries.parts, c.base.brokenParts
	}
	found, done := e.resultWithParts(r, by)
	defer done()
	return e.follow(r, found)
}

// withPartsOfBase rewrites a changed expression with all that the base's has, too.
func (c *evaluationCase) withPartsOfBase(changed *rule) rewritten {
	base := c.base.rules.rules[changed.index]
	if c.partsOf[base] == nil {
		c.partsOf[base] = map[string]bool{}
		for _, text := range partsOf(base.expr) {
			c.partsOf[base][text] = true
		}
	}
	return rewrite(changed.query, false, func(one parser.Expr) *part {
		text := one.String()
		if !c.partsOf[base][text] {
			return nil
		}
		from := changed.group.part(text)
		if known := c.base.rules.shared.all[from]; known != nil {
			return known
		}
		if c.parts[from] == nil {
			made := rewrite(text, true, func(inner parser.Expr) *part {
				return c.base.rules.shared.all[changed.group.part(inner.String())]
			})
			c.parts[from] = &part{strconv.Itoa(len(c.parts)), made}
		}
		return c.parts[from]
	})
}

// openCases are the cases that JavaScript holds, by number.
type openCases struct {
	byNumber map[int]*evaluationCase
	last     int
}

var cases = openCases{byNumber: map[int]*evaluationCase{}}

func (o *openCases) open(request *evaluateRequest, t *timeline) (*openedCase, error) {
	c, err := t.openCase(loadRules(request.RuleFiles, t.evaluationIntervalMs), request.Mode)
	if err != nil {
		return nil, err
	}
	o.last++
	o.byNumber[o.last] = c
	return &openedCase{o.last, c.base.answer(request.Queries)}, nil
}

func (o *openCases) try(number int, changes []ruleChange) (*trialResult, error) {
	c := o.byNumber[number]
	if c == nil {
		return nil, errors.New("this case is closed")
	}
	tried, err := c.trial(changes)
	if err != nil {
		return nil, err
	}
	if c.sameAsBase(tried) {
		return &trialResult{Same: true}, nil
	}
	result := &trialResult{Changed: []int{}, Alerts: []*alertInstance{}, Errors: tried.errors()}
	for i, one := range tried.runs {
		if !one.sameAs(c.base.runs[i]) {
			result.Changed = append(result.Changed, i)
			result.Alerts = append(result.Alerts, one.alerts()...)
		}
	}
	return result, nil
}
