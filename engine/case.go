package main

import (
	"errors"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
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
}

// openCase evaluates the rules as they are.
func (t *timeline) openCase(rules *ruleSet, mode string) (*evaluationCase, error) {
	base, err := t.evaluate(rules, mode, &keeping{room: t.maxSamples})
	return &evaluationCase{base: base, mode: mode}, err
}

// sameAsBase compares alerts and errors with those of the rules as they are.
func (c *evaluationCase) sameAsBase(tried *evaluation) bool {
	return tried == c.base || slices.EqualFunc(tried.runs, c.base.runs, (*run).sameAs)
}

// trial gives what the base's rules come to with some of them changed: the base itself, if neither alerts nor errors nor
// recorded series differ. It gives what evaluating all of the changed rules would give.
func (c *evaluationCase) trial(changed *ruleSet) (*evaluation, error) {
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
		base := c.base.runs[i]
		reads := c.readsAny(rules, i, differs)
		if r == base.rule && !reads {
			e.runs[i] = base
			continue
		}
		if c.base.store.sharers[i] {
			return nil
		}
		found, done := c.found(e, r, differs)
		if found == base.result && r.makesTheSame(base.rule) {
			e.runs[i] = base.of(r)
			continue
		}
		e.store.hidden[i] = true
		e.runs[i] = c.follow(e, r, found)
		done()
		if len(e.store.sharers) > 0 {
			return nil
		}
		differs[i] = !sameSeries(e.runs[i].writer, base.writer)
		same = same && !differs[i] && e.runs[i].sameAs(base)
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
		found, done := c.found(e, r, differs)
		e.runs[i] = c.follow(e, r, found)
		done()
		differs[i] = r != c.base.runs[i].rule || c.readsAny(rules, i, differs)
	}
	return e
}

// readsAny says whether a rule may read, now or in the base, what one of these records.
func (c *evaluationCase) readsAny(rules *ruleSet, reader int, writers []bool) bool {
	differs := func(writer int) bool { return writers[writer] }
	return slices.ContainsFunc(rules.plan.reads[reader], differs) ||
		slices.ContainsFunc(c.base.rules.plan.reads[reader], differs)
}

// follow takes a rule through what its expression gives in a trial.
func (c *evaluationCase) follow(e *evaluation, r *rule, found *result) *run {
	base := c.base.runs[r.index]
	if found == base.result && !labels.Equal(r.labels, base.rule.labels) {
		found = found.withOwnSources()
	}
	return e.follow(r, found)
}

// makesTheSame says whether two rules make the same of the same result. Texts that query may read what differs.
func (r *rule) makesTheSame(other *rule) bool {
	return r.queryText == "" && r.forMs == other.forMs && r.keepFiringMs == other.keepFiringMs &&
		labels.Equal(r.labels, other.labels) && labels.Equal(r.annotations, other.annotations)
}

// of gives the run for a changed rule that came to the same.
func (r *run) of(changed *rule) *run {
	same := *r
	same.rule = changed
	return &same
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

func (o *openCases) try(number int, changes string) (*trialResult, error) {
	c := o.byNumber[number]
	if c == nil {
		return nil, errors.New("this case is closed")
	}
	changed, err := c.base.rules.changedBy(changes, nil)
	if err != nil {
		return nil, err
	}
	tried, err := c.trial(changed)
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
