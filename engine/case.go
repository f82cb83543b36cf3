package main

// keeping counts what a case may still keep of what expressions gave.
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

// evaluationCase is a timeline and rules that stay loaded, so that changed rules can be tried on it.
type evaluationCase struct {
	base    *evaluation
	mode    string
	keeping *keeping
}

// openCase evaluates the rules as they are.
func (t *timeline) openCase(rules *ruleSet, mode string) (*evaluationCase, error) {
	c := &evaluationCase{mode: mode, keeping: &keeping{room: t.maxSamples}}
	var err error
	c.base, err = t.evaluate(rules, mode, c.keeping)
	return c, err
}

// trial gives what the rules come to with some of them changed: the base itself, if neither alerts nor errors nor
// recorded series differ.
func (c *evaluationCase) trial(changes []ruleChange) (*evaluation, error) {
	changed, err := c.base.rules.with(changes)
	if err != nil {
		return nil, err
	}
	return c.base.timeline.evaluate(changed, c.mode, nil)
}
