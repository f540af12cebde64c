package otlp

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

var zippers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is valid
	}
	return w
}}

func gzipTo(w io.Writer, p []byte) error {
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(w)
	if _, err := z.Write(p); err != nil {
		return err
	}
	return z.Close()
}

var squeezedPool = sync.Pool{New: func() any { return new(squeezed) }}

// squeezed is a compressed body. net/http may still read a body after the
// request has come back, so the memory is reused only when all who hold it have
// let go.
type squeezed struct {
	buf     bytes.Buffer
	holders atomic.Int32
}

func squeeze(p []byte) *squeezed {
	z := squeezedPool.Get().(*squeezed)
	z.buf.Reset()
	z.holders.Store(1)
	_ = gzipTo(&z.buf, p) // a bytes.Buffer takes every write
	return z
}

func (z *squeezed) bytes() []byte { return z.buf.Bytes() }

func (z *squeezed) release() {
	if z.holders.Add(-1) == 0 {
		squeezedPool.Put(z)
	}
}

// body returns a reader that holds z until it is closed.
func (z *squeezed) body() (io.ReadCloser, error) {
	z.holders.Add(1)
	return &body{bytes.NewReader(z.buf.Bytes()), sync.OnceFunc(z.release)}, nil
}

// body is a request's body that says when it is not read any more.
type body struct {
	*bytes.Reader

	close func()
}

func (b *body) Close() error {
	b.close()
	return nil
}
