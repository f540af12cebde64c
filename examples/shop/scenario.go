package main

import "net/http"

// A scenario is what happens to an order. It travels with the order, as no real
// one does, and the services play it.
type scenario struct {
	name   string
	share  int    // how often, relative to the others; 0: it is a failure, and rare
	status int    // what the client is answered in the end
	issue  string // the service that makes an issue of it; empty: nobody
}

// The scenarios. Each failure has its cause in one service, and that one makes
// the issue: a retry that helps, a declined card or a client that has gone away
// is none.
const (
	paid         = "paid"
	lookedUp     = "looked_up"     // a GET
	slow         = "slow"          // the acquirer takes its time
	acquirerBusy = "acquirer_busy" // the gateway charges again
	limited      = "limited"       // 429; the client orders again
	impatient    = "impatient"     // the client gives up and orders again
	receiptLate  = "receipt_late"  // the worker sends it again
	declined     = "declined"      // 402
	unreadable   = "unreadable"    // 400
	notFound     = "not_found"     // 404

	priceMissing  = "price_missing"  // the gateway panics
	couponBroken  = "coupon_broken"  // a query of the gateway fails
	acquirerDown  = "acquirer_down"  // the gateway gives up
	chargeCrashed = "charge_crashed" // payments panics, and the worker charges later
	receiptLost   = "receipt_lost"   // the worker gives up
)

var scenarios = []scenario{
	{paid, 52, http.StatusCreated, ""},
	{lookedUp, 8, http.StatusOK, ""},
	{slow, 4, http.StatusCreated, ""},
	{acquirerBusy, 6, http.StatusCreated, ""},
	{limited, 5, http.StatusCreated, ""},
	{impatient, 3, http.StatusCreated, ""},
	{receiptLate, 4, http.StatusCreated, ""},
	{declined, 10, http.StatusPaymentRequired, ""},
	{unreadable, 4, http.StatusBadRequest, ""},
	{notFound, 4, http.StatusNotFound, ""},

	{priceMissing, 0, http.StatusInternalServerError, "gateway"},
	{couponBroken, 0, http.StatusInternalServerError, "gateway"},
	{acquirerDown, 0, http.StatusBadGateway, "gateway"},
	{chargeCrashed, 0, http.StatusAccepted, "payments"},
	{receiptLost, 0, http.StatusCreated, "worker"},
}
