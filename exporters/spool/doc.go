// Package spool is the queue between a batcher that must never wait and a
// network that may be away: it holds encoded export requests, in memory
// ([NewMemory]) or in segment files ([Open]), until a sender says that they
// arrived.
//
// # What is promised
//
//   - At least once. A request leaves the queue when its [Lease] is Done and not
//     before. A crash between the arrival of a request and Done sends it again
//     after the restart, so duplicates are possible, and a receiver that minds
//     has to know a request by its content.
//   - [Queue] Put waits for nothing slower than one buffered file write, with one
//     exception that has to be asked for ([SyncAlways]).
//   - Queues are bounded in bytes. At the bound the oldest go first, [Normal]
//     before [Important]. What is under a lease is never taken away.
//   - Whatever was Put ends in exactly one of three places: Done, pending, or the
//     onDrop callback with its signal, its number of records and a reason. What
//     is found from earlier processes is told by [WithOnAdopt] first.
//
// What a death costs, of the items for which Put has returned and that lie in
// files:
//
//	                     process killed   power lost
//	SyncNever            nothing          what the system had not written, about 30 s
//	SyncInterval         nothing          the last interval (100 ms)
//	SyncAlways           nothing          nothing
//
// That holds as long as the medium keeps what it took and an fsync did not fail,
// which [WithOnError] is told. While the directory takes no writes, items are held
// in memory, bounded by [WithMemory], and die with the process.
//
// Files that are removed while in use are written again from what is open, within
// a second.
//
// Damaged files never keep a queue from starting. A damaged record is skipped, a
// torn end is cut off, both are counted, and the records around them are sent.
//
// The spool knows nothing of signals beyond a tag of one byte, and writes the
// payload as it is: only scrubbed bytes may be handed to it.
package spool
