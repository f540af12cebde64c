//go:build !unix

package lines

import (
	"errors"
	"os"
)

// duplicate is needed only where a broken pipe ends the process.
func duplicate(*os.File) (*os.File, error) { return nil, errors.ErrUnsupported }
