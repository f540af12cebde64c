package archtest

import (
	"io/fs"
	"strings"
)

// fixture shows the files of a tree, all of which end in .txt, without that
// suffix.
type fixture struct{ tree fs.FS }

const suffix = ".txt"

func (f fixture) Open(name string) (fs.File, error) {
	if file, err := f.tree.Open(name); err == nil {
		return file, nil
	}
	return f.tree.Open(name + suffix)
}

func (f fixture) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.tree, name)
	for i, e := range entries {
		entries[i] = shortened{e}
	}
	return entries, err
}

type shortened struct{ fs.DirEntry }

func (s shortened) Name() string { return strings.TrimSuffix(s.DirEntry.Name(), suffix) }
