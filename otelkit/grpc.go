package otelkit

// A GRPCOption is a setting of [GRPCServer].
type GRPCOption interface{ applyGRPC(*grpcConfig) }

type grpcConfig struct{ serverConfig }
