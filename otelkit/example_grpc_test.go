package otelkit_test

import (
	"context"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/otelkit/otelkit-go/otelkit"
)

// Server and client take options of otelkit among their own.
func ExampleGRPCServer() {
	kit := printing("rpc_method", "grpc_status")
	defer kit.Shutdown(context.Background())

	server := grpc.NewServer(otelkit.GRPCServer(otelkit.WithKit(kit))...)
	server.RegisterService(&ordersDesc, &orders{get: func(context.Context, string) (string, error) {
		return "", status.Error(codes.NotFound, "no such order")
	}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go server.Serve(l)

	conn, err := grpc.NewClient(l.Addr().String(), append(otelkit.GRPCClient(otelkit.WithKit(kit)),
		grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		panic(err)
	}
	err = conn.Invoke(context.Background(), "/shop.Orders/Get", wrapperspb.String("17"), &wrapperspb.StringValue{})
	conn.Close()
	server.GracefulStop()
	fmt.Println(status.Code(err))
	// Output:
	// INFO request_started rpc_method=shop.Orders/Get
	// WARN request_finished rpc_method=shop.Orders/Get grpc_status=NotFound
	// NotFound
}

// A request that the other side could not serve is logged by the client.
func ExampleGRPCClient() {
	kit := printing("rpc_method", "grpc_status")
	defer kit.Shutdown(context.Background())

	conn, err := grpc.NewClient("passthrough:nowhere", append(otelkit.GRPCClient(otelkit.WithKit(kit)),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return nil, net.ErrClosed }))...)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	_ = conn.Invoke(context.Background(), "/shop.Orders/Get", wrapperspb.String("17"), &wrapperspb.StringValue{})
	// Output:
	// WARN external_request_failed rpc_method=shop.Orders/Get grpc_status=Unavailable
}
