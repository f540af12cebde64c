package spool

// segment is one file of a queue on disk.
type segment struct{}
