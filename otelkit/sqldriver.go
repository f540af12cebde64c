package otelkit

import (
	"context"
	"database/sql/driver"
	"io"
	"time"
)

// The wrappers below stand between otelsql and the driver: there the context
// has the span of the query. Where a driver lacks a method they do what
// database/sql does without it.

type sqlConnector struct {
	next   driver.Connector
	config *sqlConfig
}

func (c sqlConnector) Driver() driver.Driver { return c.next.Driver() }

func (c sqlConnector) Connect(ctx context.Context) (driver.Conn, error) {
	started := time.Now()
	conn, err := c.next.Connect(ctx)
	if err != nil {
		c.config.say(ctx, "", started, err)
		return nil, err
	}
	return &sqlConn{Conn: conn, config: c.config}, nil
}

func (c sqlConnector) Close() error {
	if closer, ok := c.next.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// sqlConn is used by one goroutine at a time, as all driver.Conn are.
type sqlConn struct {
	driver.Conn
	config *sqlConfig
}

var (
	_ driver.QueryerContext     = (*sqlConn)(nil)
	_ driver.ExecerContext      = (*sqlConn)(nil)
	_ driver.ConnPrepareContext = (*sqlConn)(nil)
	_ driver.ConnBeginTx        = (*sqlConn)(nil)
	_ driver.Pinger             = (*sqlConn)(nil)
	_ driver.SessionResetter    = (*sqlConn)(nil)
	_ driver.Validator          = (*sqlConn)(nil)
	_ driver.NamedValueChecker  = (*sqlConn)(nil)
)

func (c *sqlConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	next, ok := c.Conn.(driver.QueryerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	started := time.Now()
	defer func() { c.config.say(ctx, query, started, err) }()
	rows, err = next.QueryContext(ctx, query, args)
	return c.config.watch(ctx, query, started, rows), err
}

func (c *sqlConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Result, err error) {
	next, ok := c.Conn.(driver.ExecerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	started := time.Now()
	defer func() { c.config.say(ctx, query, started, err) }()
	return next.ExecContext(ctx, query, args)
}

func (c *sqlConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	started := time.Now()
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		c.config.say(ctx, query, started, err)
		return nil, err
	}
	return &sqlStmt{Stmt: stmt, text: query, config: c.config}, nil
}

func (c *sqlConn) prepare(ctx context.Context, query string) (driver.Stmt, error) {
	if next, ok := c.Conn.(driver.ConnPrepareContext); ok {
		return next.PrepareContext(ctx, query)
	}
	return c.Prepare(query)
}

func (c *sqlConn) BeginTx(ctx context.Context, opts driver.TxOptions) (tx driver.Tx, err error) {
	started := time.Now()
	defer func() { c.config.say(ctx, "BEGIN", started, err) }()
	if next, ok := c.Conn.(driver.ConnBeginTx); ok {
		return next.BeginTx(ctx, opts)
	}
	if opts.Isolation != 0 || opts.ReadOnly {
		return nil, errIsolation
	}
	return c.Begin()
}

func (c *sqlConn) Ping(ctx context.Context) error {
	if next, ok := c.Conn.(driver.Pinger); ok {
		return next.Ping(ctx)
	}
	return nil
}

func (c *sqlConn) ResetSession(ctx context.Context) error {
	if next, ok := c.Conn.(driver.SessionResetter); ok {
		return next.ResetSession(ctx)
	}
	return nil
}

func (c *sqlConn) IsValid() bool {
	next, ok := c.Conn.(driver.Validator)
	return !ok || next.IsValid()
}

func (c *sqlConn) CheckNamedValue(v *driver.NamedValue) error {
	if next, ok := c.Conn.(driver.NamedValueChecker); ok {
		return next.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// Raw returns the connection of the driver. sql.Conn.Raw gives otelsql's, whose Raw
// gives this one.
func (c *sqlConn) Raw() driver.Conn { return c.Conn }

// sqlStmt is a prepared statement.
type sqlStmt struct {
	driver.Stmt
	text   string
	config *sqlConfig
}

var (
	_ driver.StmtQueryContext  = (*sqlStmt)(nil)
	_ driver.StmtExecContext   = (*sqlStmt)(nil)
	_ driver.NamedValueChecker = (*sqlStmt)(nil)
)

func (s *sqlStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	started := time.Now()
	defer func() { s.config.say(ctx, s.text, started, err) }()
	rows, err = s.query(ctx, args)
	return s.config.watch(ctx, s.text, started, rows), err
}

func (s *sqlStmt) query(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if next, ok := s.Stmt.(driver.StmtQueryContext); ok {
		return next.QueryContext(ctx, args)
	}
	values, err := positional(args)
	if err != nil {
		return nil, err
	}
	return s.Query(values)
}

func (s *sqlStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (res driver.Result, err error) {
	started := time.Now()
	defer func() { s.config.say(ctx, s.text, started, err) }()
	if next, ok := s.Stmt.(driver.StmtExecContext); ok {
		return next.ExecContext(ctx, args)
	}
	values, err := positional(args)
	if err != nil {
		return nil, err
	}
	return s.Exec(values)
}

func (s *sqlStmt) CheckNamedValue(v *driver.NamedValue) (err error) {
	switch next := s.Stmt.(type) {
	case driver.NamedValueChecker:
		return next.CheckNamedValue(v)
	case driver.ColumnConverter: //nolint:staticcheck // older drivers have it
		v.Value, err = next.ColumnConverter(v.Ordinal - 1).ConvertValue(v.Value)
		return err
	}
	return driver.ErrSkip
}

// positional is args for drivers that know no names.
func positional(args []driver.NamedValue) ([]driver.Value, error) {
	values := make([]driver.Value, len(args))
	for i, a := range args {
		if a.Name != "" {
			return nil, errNamed
		}
		values[i] = a.Value
	}
	return values, nil
}
