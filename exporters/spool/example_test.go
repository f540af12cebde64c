package spool_test

import (
	"context"
	"fmt"
	"os"

	"github.com/otelkit/otelkit-go/exporters/spool"
)

// A sender takes, sends, and only then says Done. What could not be sent goes
// back to the front.
func ExampleNewMemory() {
	q := spool.NewMemory(64<<20, func(signal byte, records int, reason string) {
		fmt.Printf("lost %d records of %c: %s\n", records, signal, reason)
	})
	q.Put(spool.Item{Signal: 'l', Records: 512, Payload: []byte("an export request")})
	q.Put(spool.Item{Signal: 's', Records: 100, Payload: []byte("another")})

	lease, _ := q.Take(context.Background())
	fmt.Printf("sending %q\n", lease.Payload)
	lease.Done()

	lease, _ = q.Take(context.Background())
	fmt.Printf("the Collector refused %q\n", lease.Payload)
	lease.Return()

	fmt.Println("pending:", q.Pending()['s'])
	q.Close()
	// Output:
	// sending "an export request"
	// the Collector refused "another"
	// pending: 100
	// lost 100 records of s: closed
}

// What one process leaves behind, the next one on the same directory sends.
func ExampleOpen() {
	dir, _ := os.MkdirTemp("", "spool")
	defer os.RemoveAll(dir)

	q, err := spool.Open(dir, spool.WithMaxBytes(512<<20), spool.WithSync(spool.SyncAlways))
	if err != nil {
		fmt.Println(err) // a wrong option; never the state of the directory
		return
	}
	q.Put(spool.Item{Signal: 'l', Class: spool.Important, Records: 3, Payload: []byte("three errors")})
	q.Close()

	q, _ = spool.Open(dir, spool.WithOnAdopt(func(signal byte, records int) {
		fmt.Printf("found %d records of %c\n", records, signal)
	}))
	lease, _ := q.Take(context.Background())
	fmt.Printf("sending %q\n", lease.Payload)
	lease.Done()
	q.Close()
	// Output:
	// found 3 records of l
	// sending "three errors"
}
