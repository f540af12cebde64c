// Package paymentspb is the interface of the payments service, generated from
// payments.proto by
//
//	protoc --go_out=. --go_opt=paths=source_relative \
//	       --go-grpc_out=. --go-grpc_opt=paths=source_relative payments.proto
package paymentspb
