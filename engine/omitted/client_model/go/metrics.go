// Package io_prometheus_client stands in for the protocol buffers of scraped metrics, which a helper for metric names
// mentions and the engine never meets.
package io_prometheus_client

type (
	// MetricFamily is all metrics of one name.
	MetricFamily struct {
		Name, Help, Unit *string
		Type             *int32
		Metric           []*Metric
	}
	// Metric is one of them.
	Metric struct {
		Label                                       []*LabelPair
		Gauge, Counter, Summary, Untyped, Histogram *struct{}
		TimestampMs                                 *int64
	}
	// LabelPair is a label.
	LabelPair struct{ Name, Value *string }
)

func (m *MetricFamily) GetName() string { return text(m.Name) }
func (l *LabelPair) GetName() string    { return text(l.Name) }
func (l *LabelPair) GetValue() string   { return text(l.Value) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
