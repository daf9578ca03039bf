package registry

// The limits of a registration.
const (
	maxEndpoint    = 2048 // characters
	maxVersion     = 64   // characters
	maxDescription = 1024 // characters
	maxEntries     = 100  // of each list
	maxEntry       = 128  // characters

	minHealthInterval     = 0.1  // seconds
	maxHealthInterval     = 3600 // seconds
	defaultHealthInterval = 30   // seconds
)

// decodeRegistration reads the body of POST /agents/register. The error is a
// *Problem that names every field that is not valid, in the contract's order,
// which is the order here.
func decodeRegistration(body []byte) (*Registration, error) {
	f, err := parseForm(body)
	if err != nil {
		return nil, err
	}
	r := &Registration{Name: f.requiredIdentifier("name")}
	r.ID = f.identifier("id", r.Name)
	r.Endpoint = f.webAddress("endpoint", maxEndpoint)
	r.Capabilities = f.texts("capabilities", maxEntries, maxEntry)
	r.Dependencies = f.texts("dependencies", maxEntries, maxEntry)
	r.Tags = f.texts("tags", maxEntries, maxEntry)
	r.Version = f.shortText("version", "0.0.0", maxVersion)
	r.Description = f.shortText("description", "", maxDescription)
	r.HealthInterval = f.number("health_interval", defaultHealthInterval, minHealthInterval, maxHealthInterval)
	if err := f.err(); err != nil {
		return nil, err
	}
	return r, nil
}

// decodeHeartbeat reads the body of POST /heartbeat, which is the agent's id. The
// error is a *Problem.
func decodeHeartbeat(body []byte) (string, error) {
	f, err := parseForm(body)
	if err != nil {
		return "", err
	}
	id := f.requiredIdentifier("id")
	return id, f.err()
}
