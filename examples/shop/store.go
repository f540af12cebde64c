package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	_ "github.com/lib/pq"  // PostgreSQL
	_ "modernc.org/sqlite" // SQLite, in Go

	"github.com/otelkit/otelkit-go/otelkit"
)

// store is the database: orders, and jobs for the worker.
type store struct {
	db *sql.DB
	// jobs is the same database without telemetry. The worker asks for jobs ten
	// times a second; that is no part of anybody's story.
	jobs *sql.DB
	lock string // how a job is kept from other workers
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// openStore opens the database at dsn: postgres://…, or a file of SQLite.
func openStore(dsn string) (*store, error) {
	driver, system, lock, writers := "postgres", "postgresql", " FOR UPDATE SKIP LOCKED", 8
	if !isPostgres(dsn) {
		// SQLite has one writer at a time, and those who wait stand in no line.
		driver, system, lock, writers = "sqlite", "sqlite", "", 1
		dsn = "file:" + dsn + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"
	}
	db, err := otelkit.OpenSQL(driver, dsn, otelkit.WithDBSystem(system))
	if err != nil {
		return nil, err
	}
	jobs, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(writers)
	jobs.SetMaxOpenConns(1)
	return &store{db: db, jobs: jobs, lock: lock}, nil
}

// close does not say what goes wrong: the process is about to end.
func (s *store) close() {
	_ = s.db.Close()
	_ = s.jobs.Close()
}

// create makes the tables. The gateway does it, before it listens.
func (s *store) create(ctx context.Context) error {
	for _, table := range []string{
		`CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, amount_cents BIGINT NOT NULL, state TEXT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, name TEXT NOT NULL, payload TEXT NOT NULL, envelope TEXT NOT NULL,
			attempt BIGINT NOT NULL, due BIGINT NOT NULL)`,
	} {
		if _, err := s.db.ExecContext(ctx, table); err != nil {
			return err
		}
	}
	return nil
}

// take writes a new order, once.
func (s *store) take(ctx context.Context, o order) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO orders (id, customer_id, amount_cents, state) VALUES ($1, $2, $3, 'new') ON CONFLICT (id) DO NOTHING`,
		o.ID, o.Customer.ID, o.AmountCents)
	return err
}

// state returns the state of an order. The error wraps [sql.ErrNoRows] if there is none.
func (s *store) state(ctx context.Context, id string) (state string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT state FROM orders WHERE id = $1`, id).Scan(&state)
	return state, err
}

// discount looks for a coupon in a table that nobody has made, and puts
// together its statement as nobody should.
func (s *store) discount(ctx context.Context, email string) (percent int, err error) {
	query := fmt.Sprintf("SELECT percent FROM coupons WHERE owner = '%s'", email)
	err = s.db.QueryRowContext(ctx, query).Scan(&percent)
	return percent, err
}

// enter sets the state of an order and leaves a job for the worker, both or
// neither. The envelope of the job has the trace.
func (s *store) enter(ctx context.Context, o order, state, job string) error {
	payload, err := json.Marshal(o)
	if err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, `UPDATE orders SET state = $1 WHERE id = $2`, state, o.ID); err != nil {
		return err
	}
	err = otelkit.EnqueueTask(ctx, job, func(ctx context.Context, envelope map[string]string) error {
		wrapping, err := json.Marshal(envelope)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO jobs (id, name, payload, envelope, attempt, due) VALUES ($1, $2, $3, $4, 0, $5)`,
			rand.Text(), job, string(payload), string(wrapping), time.Now().UnixNano())
		return err
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// job is something for the worker to do.
type job struct {
	id, name string
	order    order
	envelope map[string]string
	attempt  int // from 1
}

// jobTime is how long a worker has for a job. After that it is given to another
// one, since the first must have died.
const jobTime = 30 * time.Second

// claim returns the next job that is due. The error wraps [sql.ErrNoRows] if
// there is none.
func (s *store) claim(ctx context.Context) (job, error) {
	var j job
	var payload, envelope string
	now := time.Now()
	err := s.jobs.QueryRowContext(ctx, `UPDATE jobs SET attempt = attempt + 1, due = $1
		WHERE id = (SELECT id FROM jobs WHERE due <= $2 ORDER BY due LIMIT 1`+s.lock+`)
		RETURNING id, name, payload, envelope, attempt`,
		now.Add(jobTime).UnixNano(), now.UnixNano()).Scan(&j.id, &j.name, &payload, &envelope, &j.attempt)
	if err != nil {
		return job{}, err
	}
	if err := json.Unmarshal([]byte(payload), &j.order); err != nil {
		return job{}, fmt.Errorf("payload of job %s: %w", j.id, err)
	}
	if err := json.Unmarshal([]byte(envelope), &j.envelope); err != nil {
		return job{}, fmt.Errorf("envelope of job %s: %w", j.id, err)
	}
	return j, nil
}

// done takes a job off the table.
func (s *store) done(ctx context.Context, j job) error {
	_, err := s.jobs.ExecContext(ctx, `DELETE FROM jobs WHERE id = $1`, j.id)
	return err
}

// later has a job done again, in a moment.
func (s *store) later(ctx context.Context, j job, pause time.Duration) error {
	_, err := s.jobs.ExecContext(ctx, `UPDATE jobs SET due = $1 WHERE id = $2`, time.Now().Add(pause).UnixNano(), j.id)
	return err
}

// waiting returns how many jobs are not done yet.
func (s *store) waiting(ctx context.Context) (n int, err error) {
	err = s.jobs.QueryRowContext(ctx, `SELECT count(*) FROM jobs`).Scan(&n)
	return n, err
}
