package console

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(brokenPipeChild) != "" {
		writeIntoBrokenPipe()
	}
	goleak.VerifyTestMain(m)
}
