package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A rule may be evaluated over the whole timeline before the next one is, if all that it reads at a tick is there and
// final by then: input, or what EARLIER rules record. Then one range query gives what a query at each tick would.

// plan says how rules depend on each other.
type plan struct {
	writers writers
	// reads holds for each rule the indexes of those whose output it may read.
	reads [][]int
	// stepwise says why rules must take turns at each tick instead, or "" if they need not.
	stepwise string
}

func newPlan(rules []*rule) *plan {
	p := &plan{writers: writersByName(rules), reads: make([][]int, len(rules))}
	for _, reader := range rules {
		p.add(reader)
	}
	if p.stepwise == "" {
		p.stepwise = whyOffsetsClash(rules)
	}
	return p
}

// with gives the plan for rules of which some, by index, read other things than before; what they write is the same.
func (p *plan) with(rules []*rule, readers []int) *plan {
	if p.stepwise != "" {
		return newPlan(rules)
	}
	changed := &plan{writers: p.writers, reads: slices.Clone(p.reads)}
	for _, index := range readers {
		changed.reads[index] = nil
		changed.add(rules[index])
	}
	return changed
}

// add notes what a rule reads.
func (p *plan) add(reader *rule) {
	note := func(writer *rule, agoMs int64) {
		if !slices.Contains(p.reads[reader.index], writer.index) {
			p.reads[reader.index] = append(p.reads[reader.index], writer.index)
		}
		if p.stepwise == "" {
			p.stepwise = conflict(reader, writer, agoMs)
		}
	}
	for _, s := range selectors(reader.expr) {
		for _, w := range p.writers.of(s) {
			if mayMatch(s.LabelMatchers, w.labels) {
				note(w.rule, newestRead(reader))
			}
		}
	}
	for _, w := range p.writers.namedIn(reader.queryText) {
		// Templates query the tick itself, whatever the group's query_offset.
		note(w.rule, 0)
	}
}

// whyOffsetsClash finds rules whose samples would not meet the same neighbours in a series that they share.
func whyOffsetsClash(rules []*rule) string {
	offsets := map[string]int64{}
	for _, r := range rules {
		known, shared := offsets[r.name]
		if shared && known != r.group.offsetMs {
			return fmt.Sprintf("%s is recorded with different query offsets", r.name)
		}
		offsets[r.name] = r.group.offsetMs
	}
	return ""
}

// whyStepwise says why these rules must take turns at each tick on this input, or "".
func (s *ruleSet) whyStepwise(input *store) string {
	if s.plan.stepwise != "" {
		return s.plan.stepwise
	}
	for _, r := range s.rules {
		if r.group.offsetMs > 0 && slices.ContainsFunc(r.recordedNames(), func(name string) bool { return len(input.named(name)) > 0 }) {
			return fmt.Sprintf("rule %s records into an input series, with a query_offset", describe(r))
		}
	}
	return ""
}

// conflict says why a reader cannot be evaluated over the whole timeline after what it reads, or "". What it reads at a
// tick is at least `agoMs` old.
func conflict(reader, writer *rule, agoMs int64) string {
	switch {
	case writer.index >= reader.index:
		return fmt.Sprintf("rule %s reads what rule %s records later", describe(reader), describe(writer))
	// A writer that looks further into the past than its reader fills in samples which the reader has already missed.
	case writer.group.offsetMs > agoMs:
		return fmt.Sprintf("rule %s reads what rule %s records with a longer query_offset", describe(reader), describe(writer))
	}
	return ""
}

// newestRead gives how long ago, at a tick, the newest sample is that a rule's expression may read.
func newestRead(r *rule) int64 {
	if seesAhead(r.expr) {
		return 0
	}
	return r.group.offsetMs
}

func describe(r *rule) string { return fmt.Sprintf("%q of group %q", r.name, r.group.name) }

// written is a kind of series that a rule records: the labels that all of it surely carries.
type written struct {
	rule   *rule
	labels labels.Labels
}

type writers struct {
	all    []written
	byName map[string][]written
}

func writersByName(rules []*rule) writers {
	found := writers{byName: map[string][]written{}}
	add := func(w written) {
		name := w.labels.Get(labels.MetricName)
		found.all = append(found.all, w)
		found.byName[name] = append(found.byName[name], w)
	}
	for _, r := range rules {
		if r.alert {
			add(written{r, alertLabels(r, "ALERTS")})
			add(written{r, alertLabels(r, "ALERTS_FOR_STATE")})
		} else {
			add(written{r, recordedLabels(r)})
		}
	}
	return found
}

// of gives those that a selector may see, as far as metric names tell.
func (w writers) of(s *parser.VectorSelector) []written {
	for _, m := range s.LabelMatchers {
		if m.Name == labels.MetricName && m.Type == labels.MatchEqual {
			return w.byName[m.Value]
		}
	}
	return w.all
}

// namedIn gives those that a template may query: a query can be put together in it, so its text is all there is to go by.
func (w writers) namedIn(template string) (found []written) {
	if template == "" {
		return nil
	}
	if strings.Contains(template, labels.MetricName) {
		return w.all
	}
	for _, candidate := range w.all {
		if strings.Contains(template, candidate.labels.Get(labels.MetricName)) {
			found = append(found, candidate)
		}
	}
	return found
}

func recordedLabels(writer *rule) labels.Labels {
	b := labels.NewBuilder(writer.labels)
	b.Set(labels.MetricName, writer.name)
	return b.Labels()
}

// alertLabels leaves out templates: their values are not known before.
func alertLabels(writer *rule, name string) labels.Labels {
	b := labels.NewBuilder(labels.EmptyLabels())
	writer.labels.Range(func(l labels.Label) {
		if !strings.Contains(l.Value, "{{") {
			b.Set(l.Name, l.Value)
		}
	})
	b.Set(labels.AlertName, writer.name)
	b.Set(labels.MetricName, name)
	return b.Labels()
}

// mayMatch compares only labels that a rule surely sets; any other may hold whatever the selector wants.
func mayMatch(matchers []*labels.Matcher, sure labels.Labels) bool {
	for _, m := range matchers {
		if sure.Has(m.Name) && !m.Matches(sure.Get(m.Name)) {
			return false
		}
	}
	return true
}

func selectors(expr parser.Expr) (found []*parser.VectorSelector) {
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if s, ok := node.(*parser.VectorSelector); ok {
			found = append(found, s)
		}
		return nil
	})
	return found
}

// needsInstants says whether a range query could give something else than a query at each tick.
func needsInstants(expr parser.Expr) bool {
	return seesAhead(expr) || dependsOnOrder(expr)
}

// seesAhead finds what may read samples later than the tick: negative offsets and @.
// In a range query all of the timeline is there; at the tick it was not yet. @ end() is another moment, too.
func seesAhead(expr parser.Expr) bool {
	ahead := false
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			ahead = ahead || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0
		case *parser.SubqueryExpr:
			ahead = ahead || n.OriginalOffset < 0 || n.Timestamp != nil || n.StartOrEnd != 0
		}
		return nil
	})
	return ahead
}

// dependsOnOrder finds aggregations whose result depends on the order of their series: a range query hands them the
// results of operations and functions in no particular order, other than in the next run.
func dependsOnOrder(expr parser.Expr) bool {
	found := false
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if a, ok := node.(*parser.AggregateExpr); ok {
			found = found || keepsFirst(a.Op) || (roundsInOrder(a.Op) && !inStoreOrder(a.Expr))
		}
		return nil
	})
	return found
}

// keepsFirst: among equals, the first ones are taken.
func keepsFirst(op parser.ItemType) bool {
	switch op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return true
	}
	return false
}

// roundsInOrder: the last digits depend on what is added first. Sums and averages make up for what they round off.
func roundsInOrder(op parser.ItemType) bool { return op == parser.STDDEV || op == parser.STDVAR }

// inStoreOrder says whether an expression gives series in the order in which they are read.
func inStoreOrder(expr parser.Expr) bool {
	switch e := expr.(type) {
	case *parser.ParenExpr:
		return inStoreOrder(e.Expr)
	case *parser.VectorSelector:
		return true
	case *parser.Call:
		return slices.ContainsFunc(e.Args, func(arg parser.Expr) bool {
			_, window := arg.(*parser.MatrixSelector)
			return window
		})
	}
	return false
}
