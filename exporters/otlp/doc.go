// Package otlp sends spans, metrics and log records to an OTLP receiver, such
// as an OpenTelemetry Collector, over HTTP/protobuf or gRPC.
//
// It takes the place of the exporters and the batch processors of the
// OpenTelemetry SDK and keeps what they lose: a batch that could not be sent
// is sent again until the receiver takes it or the bounded queue needs its
// room, a flush that runs out of time destroys nothing, and one broken string
// does not cost the records beside it.
//
// Recording calls never wait for the network. What was accepted is accounted
// for in [Exporter.Stats]: accepted = delivered + pending + dropped.
package otlp
