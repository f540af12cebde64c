package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// roleVariable tells a process started by this package what it is.
const roleVariable = "OTELKIT_BENCH_ROLE"

const (
	roleReceiver = "receiver"
	roleWorker   = "worker"
)

// Main runs the process as what it was started for and reports whether it was
// started by this package. If so, the caller returns from main.
func Main() bool {
	var err error
	switch os.Getenv(roleVariable) {
	case "":
		return false
	case roleReceiver:
		err = receive(os.Stdin, os.Stdout)
	case roleWorker:
		err = work(os.Stdin, os.Stdout)
	default:
		err = errors.New("unknown role")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	return true
}

// process is this binary in another role, spoken to with a JSON object a line.
type process struct {
	cmd *exec.Cmd
	in  *json.Encoder
	out *json.Decoder
	end func() error
}

func start(ctx context.Context, role string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	end := func() error { return errors.Join(in.Close(), cmd.Wait()) }
	return &process{cmd, json.NewEncoder(in), json.NewDecoder(out), end}, nil
}

// ask sends question and reads the answer.
func (p *process) ask(question, answer any) error {
	if err := p.in.Encode(question); err != nil {
		return err
	}
	return p.out.Decode(answer)
}
