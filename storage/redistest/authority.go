package redistest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority is a certificate authority that lives as long as one server, and what it signed.
type authority struct {
	ca             string // file of its certificate
	pool           *x509.CertPool
	server, client pair
}

// pair are the files of a certificate and its key.
type pair struct{ cert, key string }

// newAuthority makes an authority with a certificate for 127.0.0.1 and one for clients, as files in dir.
func newAuthority(dir string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key of authority: %w", err)
	}
	root := template("redistest")
	root.IsCA, root.BasicConstraintsValid = true, true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	a := &authority{ca: filepath.Join(dir, "ca.pem"), pool: x509.NewCertPool()}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate of authority: %w", err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("read certificate of authority: %w", err)
	}
	a.pool.AddCert(root)
	if err := writePEM(a.ca, "CERTIFICATE", der); err != nil {
		return nil, err
	}
	if a.server, err = issue(dir, "server", root, key, x509.ExtKeyUsageServerAuth); err != nil {
		return nil, err
	}
	a.client, err = issue(dir, "client", root, key, x509.ExtKeyUsageClientAuth)
	return a, err
}

func template(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62)) // it never fails: crypto/rand ends the process instead
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2070, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func issue(dir, name string, root *x509.Certificate, rootKey *ecdsa.PrivateKey, usage x509.ExtKeyUsage) (pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, fmt.Errorf("make key of %s: %w", name, err)
	}
	cert := template(name)
	cert.ExtKeyUsage, cert.IPAddresses = []x509.ExtKeyUsage{usage}, []net.IP{net.IPv4(127, 0, 0, 1)}
	cert.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, cert, root, &key.PublicKey, rootKey)
	if err != nil {
		return pair{}, fmt.Errorf("sign certificate of %s: %w", name, err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pair{}, fmt.Errorf("write key of %s: %w", name, err)
	}
	p := pair{cert: filepath.Join(dir, name+".pem"), key: filepath.Join(dir, name+".key")}
	if err := writePEM(p.cert, "CERTIFICATE", der); err != nil {
		return pair{}, err
	}
	return p, writePEM(p.key, "PRIVATE KEY", secret)
}

func writePEM(file, kind string, der []byte) error {
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		return fmt.Errorf("write certificate: %w", err)
	}
	return nil
}
