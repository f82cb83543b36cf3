package main

import (
	"errors"
	"slices"
	"sort"
)

// promtoolMaxSamples is the limit of one query in promtool's unit tests (promql/promqltest/test.go): 10,000, not the
// 50 million of a server.
const promtoolMaxSamples = 10_000

// unitTest is a file of promtool's format with its rules.
type unitTest struct {
	name   string
	file   *unitTestFile
	places testPlaces
	rules  *ruleSet
	// numbers gives for each rule, counted over the rule files, its index in the order of evaluation.
	numbers []int
	// ruleFaults, if any, make every test of the file fail.
	ruleFaults []ruleError
	result     *unitTestResult
	// cases are what the tests ran on, for trials of changed rules; nil for one that did not pass.
	cases []*evaluationCase
}

type unitTestRequest struct {
	File string `json:"file"`
	YAML string `json:"yaml"`
	// Keep: changed rules are going to be tried.
	Keep bool `json:"keep"`
}

// readRuleFiles gives the files that match the patterns of rule_files, in promtool's order.
type readRuleFiles func(patterns []string) ([]foundRuleFile, error)

// foundRuleFile has a fault if it cannot be read.
type foundRuleFile struct {
	ruleFile
	Fault string `json:"fault"`
}

// openUnitTest reads a file and its rules, and runs its tests.
func openUnitTest(request unitTestRequest, find readRuleFiles) *unitTest {
	u := &unitTest{name: request.File, rules: &ruleSet{}, result: &unitTestResult{Faults: []ruleError{}, Groups: []testGroupResult{}, Rules: []testedRule{}}}
	var faults []ruleError
	if u.file, faults = readUnitTest(request.File, request.YAML); len(faults) > 0 {
		u.result.Faults = faults
		return u
	}
	u.places = placesInTest(request.YAML)
	order, err := u.file.evaluationOrder()
	if err != nil {
		return u.refuse(u.places.order, err)
	}
	files, err := find(u.file.RuleFiles)
	if err != nil {
		return u.refuse(u.places.ruleFiles, err)
	}
	u.loadRules(files, order)
	u.result.Passed = true
	for i := range u.file.Tests {
		u.runTest(i, request.Keep)
	}
	return u
}

func (u *unitTest) refuse(lines []int, err error) *unitTest {
	u.result.Faults = []ruleError{{File: u.name, Line: lineAt(lines, 0), Message: err.Error()}}
	return u
}

// loadRules reads rule files as promtool does: the first that is not well makes every test fail.
func (u *unitTest) loadRules(files []foundRuleFile, order map[string]int) {
	readable := make([]ruleFile, 0, len(files))
	for _, file := range files {
		if file.Fault == "" {
			readable = append(readable, file.ruleFile)
		}
	}
	loaded := loadRules(readable, milliseconds(u.file.EvaluationInterval))
	for _, file := range files {
		if file.Fault != "" {
			u.ruleFaults = []ruleError{{File: file.Name, Message: file.Fault}}
		}
		for _, fault := range loaded.faults {
			if fault.File == file.Name {
				u.ruleFaults = append(u.ruleFaults, fault)
			}
		}
		if len(u.ruleFaults) > 0 {
			break
		}
	}
	u.rules, u.numbers = loaded.inOrder(order)
	for _, r := range u.rules.rules {
		described := testedRule{File: r.group.file, Group: r.group.name, Line: r.line, Labels: staticLabels(r.labels), ForMs: r.forMs}
		if r.alert {
			described.Alert = r.name
		} else {
			described.Record = r.name
		}
		u.result.Rules = append(u.result.Rules, described)
	}
}

// inOrder gives the set as promtool evaluates it, and for each rule of this set its index there. A group that stands
// twice, because two patterns match its file, counts once. Groups have the order of their numbers; that of groups with
// the same number is left to chance by promtool: here those that record come before those that read it, where that is
// possible, else the order of the files holds.
func (s *ruleSet) inOrder(order map[string]int) (ordered *ruleSet, numbers []int) {
	type key struct{ file, name string }
	first := map[key]*group{}
	rulesOf := map[*group][]*rule{}
	for _, r := range s.rules {
		rulesOf[r.group] = append(rulesOf[r.group], r)
	}
	ordered = &ruleSet{faults: s.faults}
	for _, g := range s.groups {
		if first[key{g.file, g.name}] == nil {
			first[key{g.file, g.name}] = g
			ordered.groups = append(ordered.groups, g)
		}
	}
	sort.SliceStable(ordered.groups, func(i, j int) bool {
		return order[ordered.groups[i].name] < order[ordered.groups[j].name]
	})
	ordered.groups = writersFirst(ordered.groups, s.groupsRead(), order)
	numbers = make([]int, len(s.rules))
	if slices.Equal(ordered.groups, s.groups) {
		for i := range numbers {
			numbers[i] = i
		}
		return s, numbers
	}
	place := map[*rule]int{}
	for _, g := range ordered.groups {
		for _, r := range rulesOf[g] {
			moved := *r
			moved.index = len(ordered.rules)
			place[r] = moved.index
			ordered.rules = append(ordered.rules, &moved)
		}
	}
	for _, g := range s.groups {
		for i, r := range rulesOf[g] {
			numbers[r.index] = place[rulesOf[first[key{g.file, g.name}]][i]]
		}
	}
	ordered.plan, ordered.shared = newPlan(ordered.rules), shareParts(ordered.rules)
	return ordered, numbers
}

// groupsRead gives for each group those that it may read from.
func (s *ruleSet) groupsRead() map[*group]map[*group]bool {
	read := map[*group]map[*group]bool{}
	for i, from := range s.plan.reads {
		reader := s.rules[i].group
		for _, writer := range from {
			if g := s.rules[writer].group; g != reader {
				if read[reader] == nil {
					read[reader] = map[*group]bool{}
				}
				read[reader][g] = true
			}
		}
	}
	return read
}

// writersFirst takes groups in their order, each after those of the same number that it reads from.
func writersFirst(groups []*group, read map[*group]map[*group]bool, order map[string]int) []*group {
	place := make(map[*group]int, len(groups))
	for i, g := range groups {
		place[g] = i
	}
	sorted := make([]*group, 0, len(groups))
	taken := map[*group]bool{}
	var take func(g *group)
	take = func(g *group) {
		if taken[g] {
			return
		}
		taken[g] = true
		var before []int
		for other := range read[g] {
			// One that stands twice counts once: only the first has a place.
			if at, ok := place[other]; ok && order[other.name] == order[g.name] {
				before = append(before, at)
			}
		}
		slices.Sort(before)
		for _, at := range before {
			take(groups[at])
		}
		sorted = append(sorted, g)
	}
	for _, g := range groups {
		take(g)
	}
	return sorted
}

func (u *unitTest) runTest(at int, keep bool) {
	test := u.test(at)
	described := testGroupResult{
		Name: testName(test.Name, at), Line: test.places.line, ExprTests: len(test.PromqlExprTests),
		Alerts: test.assertions(), Unread: []ignoredSeries{}, Replaced: []ignoredSeries{},
	}
	opened, fault := test.load(u, keep, &described)
	if fault != nil {
		described.Failures = []unitTestFailure{*fault}
	} else {
		described.Failures = append([]unitTestFailure{}, test.judge(opened.base)...)
	}
	described.Passed = len(described.Failures) == 0
	u.result.Passed = u.result.Passed && described.Passed
	u.result.Groups = append(u.result.Groups, described)
	u.result.AlertTests += len(test.AlertRuleTests)
	u.result.ExprTests += len(test.PromqlExprTests)
	if !keep || !described.Passed {
		opened = nil
	}
	u.cases = append(u.cases, opened)
}

func (u *unitTest) test(at int) *unitTestCase {
	return &unitTestCase{
		testGroup: &u.file.Tests[at], places: u.places.group(at), fuzzy: u.file.FuzzyCompare,
		evaluationIntervalMs: milliseconds(u.file.EvaluationInterval),
	}
}

// unitTestTrial says whether the tests that pass still do with changed rules; if not, what fails first.
type unitTestTrial struct {
	Passed  bool             `json:"passed"`
	Group   string           `json:"group,omitempty"`
	Failure *unitTestFailure `json:"failure,omitempty"`
}

// try runs the tests with changed rules, which are numbered over the rule files in the order in which they were found.
func (u *unitTest) try(changes string) (*unitTestTrial, error) {
	changed, err := u.rules.changedBy(changes, u.numbers)
	if err != nil {
		return nil, err
	}
	for at, opened := range u.cases {
		if opened == nil {
			continue
		}
		tried, err := opened.trial(changed)
		if err != nil {
			return nil, err
		}
		if tried == opened.base {
			continue
		}
		if failures := u.test(at).judge(tried); len(failures) > 0 {
			return &unitTestTrial{Group: testName(u.file.Tests[at].Name, at), Failure: &failures[0]}, nil
		}
	}
	return &unitTestTrial{Passed: true}, nil
}

// openUnitTests are those that JavaScript holds, by number.
type openUnitTests struct {
	byNumber map[int]*unitTest
	last     int
}

var unitTests = openUnitTests{byNumber: map[int]*unitTest{}}

// openedUnitTest has a number if it is kept.
type openedUnitTest struct {
	Number int             `json:"number"`
	Result *unitTestResult `json:"result"`
}

func (o *openUnitTests) open(request unitTestRequest, find readRuleFiles) *openedUnitTest {
	u := openUnitTest(request, find)
	if request.Keep {
		o.last++
		o.byNumber[o.last] = u
	}
	return &openedUnitTest{o.last, u.result}
}

func (o *openUnitTests) try(number int, changes string) (*unitTestTrial, error) {
	u := o.byNumber[number]
	if u == nil {
		return nil, errors.New("this unit test is closed")
	}
	return u.try(changes)
}
