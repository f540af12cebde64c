package otelkit_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

var errUnique = errors.New(`duplicate key: "orders_pkey"`)

// fakeDB is a driver without any optional interface. Statements with FAIL fail, those
// with UNIQUE break a constraint.
type fakeDB struct{}

func (d fakeDB) Connect(context.Context) (driver.Conn, error) { return fakeConn{}, nil }
func (d fakeDB) Driver() driver.Driver                        { return d }
func (d fakeDB) Open(string) (driver.Conn, error)             { return fakeConn{}, nil }

type fakeConn struct{}

func (fakeConn) Prepare(q string) (driver.Stmt, error) { return fakeStmt{q}, nil }
func (fakeConn) Close() error                          { return nil }
func (fakeConn) Begin() (driver.Tx, error)             { return fakeTx{}, nil }

type fakeTx struct{}

func (fakeTx) Commit() error   { return nil }
func (fakeTx) Rollback() error { return nil }

type fakeStmt struct{ query string }

func (s fakeStmt) Close() error                               { return nil }
func (s fakeStmt) NumInput() int                              { return -1 }
func (s fakeStmt) Exec([]driver.Value) (driver.Result, error) { return driver.ResultNoRows, s.err() }
func (s fakeStmt) Query([]driver.Value) (driver.Rows, error)  { return rowsOf(s.query), s.err() }

func (s fakeStmt) err() error {
	switch {
	case strings.Contains(s.query, "FAIL"):
		return errGone
	case strings.Contains(s.query, "UNIQUE"):
		return errUnique
	}
	return nil
}

type fakeRows struct{}

func (fakeRows) Columns() []string         { return []string{"id"} }
func (fakeRows) Close() error              { return nil }
func (fakeRows) Next([]driver.Value) error { return io.EOF }

// brokenRows are lost after the first.
type brokenRows struct {
	fakeRows
	sent bool
}

func (r *brokenRows) Next(dest []driver.Value) error {
	if r.sent {
		return errGone
	}
	r.sent, dest[0] = true, int64(1)
	return nil
}

// Those have all that rows may have.
func (r *brokenRows) HasNextResultSet() bool                            { return true }
func (r *brokenRows) NextResultSet() error                              { return errGone }
func (r *brokenRows) ColumnTypeDatabaseTypeName(int) string             { return "BIGINT" }
func (r *brokenRows) ColumnTypeLength(int) (int64, bool)                { return 8, true }
func (r *brokenRows) ColumnTypeNullable(int) (bool, bool)               { return true, true }
func (r *brokenRows) ColumnTypePrecisionScale(int) (int64, int64, bool) { return 19, 0, true }

func rowsOf(query string) driver.Rows {
	if strings.Contains(query, "BREAK") {
		return &brokenRows{}
	}
	return fakeRows{}
}

// modernDB is the same with the interfaces that drivers have today.
type modernDB struct{ fakeDB }

func (d modernDB) Connect(context.Context) (driver.Conn, error) { return modernConn{}, nil }

type modernConn struct{ fakeConn }

func (modernConn) QueryContext(_ context.Context, q string, _ []driver.NamedValue) (driver.Rows, error) {
	return rowsOf(q), fakeStmt{q}.err()
}

func (modernConn) ExecContext(_ context.Context, q string, _ []driver.NamedValue) (driver.Result, error) {
	return driver.ResultNoRows, fakeStmt{q}.err()
}

func (modernConn) PrepareContext(_ context.Context, q string) (driver.Stmt, error) {
	return modernStmt{fakeStmt{q}}, nil
}

func (modernConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return fakeTx{}, nil }
func (modernConn) Ping(context.Context) error                                   { return errGone }

type modernStmt struct{ fakeStmt }

func (s modernStmt) QueryContext(context.Context, []driver.NamedValue) (driver.Rows, error) {
	return rowsOf(s.query), s.err()
}

func (s modernStmt) ExecContext(context.Context, []driver.NamedValue) (driver.Result, error) {
	return driver.ResultNoRows, s.err()
}

func TestOpenDB(t *testing.T) {
	t.Parallel()
	for name, connector := range map[string]driver.Connector{"bare driver": fakeDB{}, "modern driver": modernDB{}} {
		for way, run := range map[string]func(ctx context.Context, db *sql.DB, query string) error{
			"query": func(ctx context.Context, db *sql.DB, query string) error {
				var id int
				return db.QueryRowContext(ctx, query, 1).Scan(&id)
			},
			"exec": func(ctx context.Context, db *sql.DB, query string) error {
				_, err := db.ExecContext(ctx, query, 1)
				return err
			},
			"prepared": func(ctx context.Context, db *sql.DB, query string) error {
				stmt, err := db.PrepareContext(ctx, query)
				if err != nil {
					return err
				}
				defer stmt.Close()
				_, err = stmt.ExecContext(ctx, 1)
				return err
			},
			"transaction": func(ctx context.Context, db *sql.DB, query string) error {
				tx, err := db.BeginTx(ctx, nil)
				if err != nil {
					return err
				}
				_, err = tx.ExecContext(ctx, query, 1)
				return errors.Join(err, tx.Rollback())
			},
		} {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				o := observe(t)
				db := otelkit.OpenDB(connector, otelkit.WithDBSystem("postgresql"), otelkit.WithExpectedErrors(errUnique))
				defer db.Close()
				ctx, end := o.start("work")
				ctx = otelkit.Bind(ctx, "user_id", "u1")
				literal := "'" + canary("literal") + "'"
				if err := run(ctx, db, "select id from orders where name = "+literal+" and id = $1"); err != nil && !errors.Is(err, sql.ErrNoRows) {
					t.Error(err)
				}
				if err := run(ctx, db, "INSERT UNIQUE "+literal); !errors.Is(err, errUnique) {
					t.Error(err)
				}
				err := run(ctx, db, "UPDATE FAIL SET name = "+literal+" WHERE id = $1")
				if !errors.Is(err, errGone) {
					t.Error(err)
				}
				o.kit.Logger("shop").ErrorContext(ctx, "order_not_saved", "error", fmt.Errorf("save: %w", err))
				end()
				checkIssues(t, o, []string{"error disk gone"})
				if diff := cmp.Diff([]string{"WARN query_failed", "ERROR order_not_saved"}, o.story()); diff != "" {
					t.Error(diff)
				}
				l := o.line(t, "query_failed")
				if l["statement"] != "UPDATE FAIL SET name = ? WHERE id = $1" || l["error"] != "disk gone" || l["duration_ms"] == "" ||
					l["db_system"] != "postgresql" || l["user_id"] != "u1" {
					t.Errorf("line %v", l)
				}
				if first, _, _ := strings.Cut(l["exception.stacktrace"], "()"); !strings.Contains(l["exception.stacktrace"], "TestOpenDB") || strings.Contains(first, "otelkit-go/otelkit.") {
					t.Errorf("stack %s", l["exception.stacktrace"])
				}
				failed := 0
				for _, s := range o.spans.Ended() {
					if s.Status().Code == codes.Error && s.SpanKind() == trace.SpanKindClient {
						failed++
						if s.Name() != "UPDATE" {
							t.Errorf("span %q failed", s.Name())
						}
					}
				}
				if failed != 1 {
					t.Errorf("%d spans failed, want 1", failed)
				}
				o.checkCanaries(t)
			})
		}
	}
}

func TestOpenDBKeepsWhatDriversLack(t *testing.T) {
	t.Parallel()
	o := observe(t)
	bare, modern := otelkit.OpenDB(fakeDB{}), otelkit.OpenDB(modernDB{})
	defer bare.Close()
	defer modern.Close()
	if err := bare.PingContext(o.ctx); err != nil {
		t.Error(err)
	}
	if err := modern.PingContext(o.ctx); !errors.Is(err, errGone) {
		t.Errorf("ping: %v", err)
	}
	if tx, err := bare.BeginTx(o.ctx, &sql.TxOptions{ReadOnly: true}); err == nil {
		_ = tx.Rollback()
		t.Error("a bare driver began a read-only transaction")
	}
	if _, err := bare.ExecContext(o.ctx, "UPDATE x", sql.Named("id", 1)); err == nil {
		t.Error("a bare driver took a named parameter")
	}
}

// contextDB is a driver that makes connectors.
type contextDB struct{ fakeDB }

func (contextDB) OpenConnector(dsn string) (driver.Connector, error) {
	if dsn == "bad" {
		return nil, errGone
	}
	return modernDB{}, nil
}

func init() { //nolint:gochecknoinits // drivers are registered once in a process
	sql.Register("otelkit-bare", fakeDB{})
	sql.Register("otelkit-context", contextDB{})
}

func TestOpenSQL(t *testing.T) {
	t.Parallel()
	o := observe(t)
	for _, name := range []string{"otelkit-bare", "otelkit-context"} {
		db, err := otelkit.OpenSQL(name, "good")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(o.ctx, "UPDATE FAIL"); !errors.Is(err, errGone) {
			t.Errorf("%s: %v", name, err)
		}
		db.Close()
	}
	if len(o.story()) != 2 {
		t.Errorf("lines %q", o.story())
	}
	if _, err := otelkit.OpenSQL("otelkit-unknown", ""); err == nil {
		t.Error("an unknown driver was opened")
	}
	if _, err := otelkit.OpenSQL("otelkit-context", "bad"); !errors.Is(err, errGone) {
		t.Errorf("a bad data source gave %v", err)
	}
}

// Rows that break off are a query that failed.
func TestOpenDBRowsBreakOff(t *testing.T) {
	t.Parallel()
	for name, connector := range map[string]driver.Connector{"bare driver": fakeDB{}, "modern driver": modernDB{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			db := otelkit.OpenDB(connector)
			defer db.Close()
			ctx, end := o.start("work")
			rows, err := db.QueryContext(ctx, "SELECT BREAK WHERE name = '"+canary("literal")+"'")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			read := 0
			for rows.Next() {
				read++
				types, err := rows.ColumnTypes()
				if err != nil {
					t.Fatal(err)
				}
				length, _ := types[0].Length()
				nullable, _ := types[0].Nullable()
				precision, _, _ := types[0].DecimalSize()
				if types[0].DatabaseTypeName() != "BIGINT" || length != 8 || !nullable || precision != 19 {
					t.Errorf("column %+v", types[0])
				}
			}
			if read != 1 || !errors.Is(rows.Err(), errGone) || rows.NextResultSet() {
				t.Errorf("%d rows, %v", read, rows.Err())
			}
			end()
			checkIssues(t, o, nil) // the work did not fail
			if l := o.line(t, "query_failed"); l["statement"] != "SELECT BREAK WHERE name = ?" || l["error"] != "disk gone" {
				t.Errorf("line %v", l)
			}
			o.checkCanaries(t)

			plain, err := db.QueryContext(ctx, "SELECT 1")
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			types, err := plain.ColumnTypes()
			if err != nil || types[0].DatabaseTypeName() != "" || plain.NextResultSet() {
				t.Errorf("a driver that tells nothing of columns: %+v, %v", types, err)
			}
		})
	}
}
