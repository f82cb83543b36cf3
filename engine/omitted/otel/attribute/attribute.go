// Package attribute stands in for the descriptions of spans.
package attribute

// KeyValue would be one.
type KeyValue struct{}

func String(string, string) KeyValue   { return KeyValue{} }
func Int(string, int) KeyValue         { return KeyValue{} }
func Int64(string, int64) KeyValue     { return KeyValue{} }
func Float64(string, float64) KeyValue { return KeyValue{} }
