package otelkit

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"time"
)

// sqlRows sees the rows of a query break off, of which the query itself knew
// nothing: a connection that is lost, a value that the server cannot compute.
// Where the driver lacks a method it does what database/sql does without it. The
// types that columns are scanned into are not here: otelsql does not ask for them.
type sqlRows struct {
	driver.Rows
	ctx     context.Context // that of the query
	query   string
	started time.Time
	config  *sqlConfig
	said    bool
}

var (
	_ driver.RowsNextResultSet              = (*sqlRows)(nil)
	_ driver.RowsColumnTypeDatabaseTypeName = (*sqlRows)(nil)
	_ driver.RowsColumnTypeLength           = (*sqlRows)(nil)
	_ driver.RowsColumnTypeNullable         = (*sqlRows)(nil)
	_ driver.RowsColumnTypePrecisionScale   = (*sqlRows)(nil)
)

// watch returns rows, or nil if there are none.
func (c *sqlConfig) watch(ctx context.Context, query string, started time.Time, rows driver.Rows) driver.Rows {
	if rows == nil {
		return nil
	}
	return &sqlRows{Rows: rows, ctx: ctx, query: query, started: started, config: c}
}

func (r *sqlRows) Next(dest []driver.Value) error { return r.ended(r.Rows.Next(dest)) }

// ended logs err, once, if it is more than the end of the rows.
func (r *sqlRows) ended(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && !r.said {
		r.said = true
		r.config.say(r.ctx, r.query, r.started, err)
	}
	return err
}

func (r *sqlRows) HasNextResultSet() bool {
	next, ok := r.Rows.(driver.RowsNextResultSet)
	return ok && next.HasNextResultSet()
}

func (r *sqlRows) NextResultSet() error {
	if next, ok := r.Rows.(driver.RowsNextResultSet); ok {
		return r.ended(next.NextResultSet())
	}
	return io.EOF
}

func (r *sqlRows) ColumnTypeDatabaseTypeName(index int) string {
	if next, ok := r.Rows.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return next.ColumnTypeDatabaseTypeName(index)
	}
	return ""
}

func (r *sqlRows) ColumnTypeLength(index int) (length int64, ok bool) {
	if next, ok := r.Rows.(driver.RowsColumnTypeLength); ok {
		return next.ColumnTypeLength(index)
	}
	return 0, false
}

func (r *sqlRows) ColumnTypeNullable(index int) (nullable, ok bool) {
	if next, ok := r.Rows.(driver.RowsColumnTypeNullable); ok {
		return next.ColumnTypeNullable(index)
	}
	return false, false
}

func (r *sqlRows) ColumnTypePrecisionScale(index int) (precision, scale int64, ok bool) {
	if next, ok := r.Rows.(driver.RowsColumnTypePrecisionScale); ok {
		return next.ColumnTypePrecisionScale(index)
	}
	return 0, 0, false
}
