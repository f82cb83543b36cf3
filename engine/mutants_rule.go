package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// Faults of a rule beside its expression.

// durationFaults: forgotten, or not what was meant by a little and by much.
func durationFaults(name string, ms int64, factors []float64, change func(ms int64) ruleChange) (found []fault) {
	if ms == 0 {
		return nil
	}
	for _, factor := range factors {
		changed := scaledMs(ms, factor)
		found = append(found, fault{fmt.Sprintf("%s %s → %s", name, durationText(ms), durationText(changed)), change(changed)})
	}
	return found
}

// scaledMs stays with whole seconds where there are any.
func scaledMs(ms int64, factor float64) int64 {
	scaled := int64(float64(ms) * factor)
	if scaled >= 1000 {
		scaled -= scaled % 1000
	}
	return scaled
}

func durationText(ms int64) string {
	return model.Duration(time.Duration(ms) * time.Millisecond).String()
}

func forFaults(r *rule) []fault {
	return durationFaults("for", r.forMs, []float64{0, 0.5, 0.8, 1.2, 2}, func(ms int64) ruleChange {
		return ruleChange{ForMs: &ms}
	})
}

func keepFiringForFaults(r *rule) []fault {
	return durationFaults("keep_firing_for", r.keepFiringMs, []float64{0, 0.5, 2}, func(ms int64) ruleChange {
		return ruleChange{KeepFiringForMs: &ms}
	})
}

const severityLabel = "severity"

// otherSeverity is what each severity is mistaken for.
var otherSeverity = map[string]string{
	"critical": "warning", "warning": "critical", "info": "warning", "error": "warning", "high": "low", "low": "high",
	"major": "minor", "minor": "major", "page": "ticket", "ticket": "page", "none": "warning",
}

func severityFaults(r *rule) (found []fault) {
	own := ownLabels(r)
	severity := own.Get(severityLabel)
	if other, known := otherSeverity[severity]; known && r.alert {
		changed := own.Map()
		changed[severityLabel] = other
		found = append(found, fault{fmt.Sprintf("severity %s → %s", severity, other), ruleChange{Labels: changed}})
	}
	return found
}

// ownLabels are those that a rule does not have from its group: only they can be changed for it alone.
func ownLabels(r *rule) labels.Labels {
	b := labels.NewBuilder(r.labels)
	r.labels.Range(func(l labels.Label) {
		if of, given := r.group.labels[l.Name]; given && of == l.Value {
			b.Del(l.Name)
		}
	})
	return b.Labels()
}

func labelFaults(r *rule) []fault {
	return eachRemoved("label", ownLabels(r), func(rest map[string]string) ruleChange { return ruleChange{Labels: rest} })
}

func annotationFaults(r *rule) []fault {
	return eachRemoved("annotation", r.annotations, func(rest map[string]string) ruleChange {
		return ruleChange{Annotations: rest}
	})
}

func eachRemoved(what string, all labels.Labels, change func(rest map[string]string) ruleChange) (found []fault) {
	all.Range(func(l labels.Label) {
		rest := all.Map()
		delete(rest, l.Name)
		found = append(found, fault{fmt.Sprintf("%s %s removed", what, l.Name), change(rest)})
	})
	return found
}

// templateFaults: each {{…}} of a label or annotation comes out empty, as it does when it names a label that is not there.
func templateFaults(r *rule) []fault {
	return slices.Concat(
		eachActionEmptied("label", ownLabels(r), func(changed map[string]string) ruleChange {
			return ruleChange{Labels: changed}
		}),
		eachActionEmptied("annotation", r.annotations, func(changed map[string]string) ruleChange {
			return ruleChange{Annotations: changed}
		}),
	)
}

func eachActionEmptied(what string, all labels.Labels, change func(map[string]string) ruleChange) (found []fault) {
	all.Range(func(l labels.Label) {
		for _, emptied := range actionsEmptied(l.Value) {
			changed := all.Map()
			changed[l.Name] = emptied.text
			found = append(found, fault{fmt.Sprintf("%s emptied in %s %s", shortenedAction(emptied.action), what, l.Name), change(changed)})
		}
	})
	return found
}

const longAction = 60

func shortenedAction(action string) string {
	if runes := []rune(action); len(runes) > longAction {
		return string(runes[:longAction/2]) + " … " + string(runes[len(runes)-longAction/2:])
	}
	return action
}

// givesNothing is how a rule is removed while the others keep their numbers.
const givesNothing = "vector(0) > 0"

func removalFaults(*rule) []fault {
	expr := givesNothing
	return []fault{{"rule removed", ruleChange{Expr: &expr}}}
}
