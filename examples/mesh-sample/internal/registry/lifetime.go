package registry

import "time"

// Status says how long an agent has been silent, in three steps.
type Status string

// The statuses in the order in which a silent agent passes through them.
const (
	Healthy  Status = "healthy"
	Degraded Status = "degraded"
	Expired  Status = "expired"
)

// An agent that missed this many of its own health intervals changes its status,
// unless Lifetimes says otherwise.
const (
	intervalsUntilDegraded = 2
	intervalsUntilExpired  = 4
)

// Lifetimes holds how much silence the registry bears. A zero DegradedAfter or
// ExpiredAfter leaves it to each agent's own health interval.
type Lifetimes struct {
	DegradedAfter time.Duration
	ExpiredAfter  time.Duration
	Retention     time.Duration // how long an expired agent is still shown
}

// degradedAfter is in seconds.
func (l Lifetimes) degradedAfter(r *Registration) float64 {
	if l.DegradedAfter > 0 {
		return l.DegradedAfter.Seconds()
	}
	return intervalsUntilDegraded * r.HealthInterval
}

// expiredAfter is in seconds.
func (l Lifetimes) expiredAfter(r *Registration) float64 {
	if l.ExpiredAfter > 0 {
		return l.ExpiredAfter.Seconds()
	}
	return intervalsUntilExpired * r.HealthInterval
}

// degradesAt, expiresAt and forgottenAt are the moments at which an agent that
// stays silent changes.
func (l Lifetimes) degradesAt(r record) time.Time {
	return r.lastSeen.Add(seconds(l.degradedAfter(r.registration)))
}

func (l Lifetimes) expiresAt(r record) time.Time {
	return r.lastSeen.Add(seconds(l.expiredAfter(r.registration)))
}

func (l Lifetimes) forgottenAt(r record) time.Time {
	return l.expiresAt(r).Add(l.Retention)
}

// status is the agent's status at the given time. Expiry comes first, so that
// settings under which agents expire before they degrade have a meaning, too.
func (l Lifetimes) status(r record, now time.Time) Status {
	switch {
	case !now.Before(l.expiresAt(r)):
		return Expired
	case !now.Before(l.degradesAt(r)):
		return Degraded
	default:
		return Healthy
	}
}

// forgotten tells whether the registry treats the agent as one it never knew.
func (l Lifetimes) forgotten(r record, now time.Time) bool {
	return !now.Before(l.forgottenAt(r))
}

// nextChange is the first moment after now at which the agent reads differently
// although nobody wrote anything; false when there is none.
func (l Lifetimes) nextChange(r record, now time.Time) (time.Time, bool) {
	var next time.Time
	for _, at := range []time.Time{l.degradesAt(r), l.expiresAt(r), l.forgottenAt(r)} {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, !next.IsZero()
}

// describe gives the agent as clients see it at the given time.
func (l Lifetimes) describe(r record, now time.Time) Agent {
	return Agent{
		Registration:  *r.registration,
		DegradedAfter: l.degradedAfter(r.registration),
		ExpiredAfter:  l.expiredAfter(r.registration),
		Status:        l.status(r, now),
		RegisteredAt:  timestampOf(r.registeredAt),
		LastSeen:      timestampOf(r.lastSeen),
	}
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
