using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Replication.Glue;

/// <summary>
/// How the hub is reached: through the proxy that HTTPS_PROXY names (.NET reads it, and NO_PROXY, itself), trusting what SSL_CERT_FILE
/// holds.
/// </summary>
public static class HubConnection
{
    /// <summary>The environment variable that names a file of certificates, which are trusted in place of the system's.</summary>
    public const string CertificatesVariable = "SSL_CERT_FILE";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    // In the order in which .NET looks at them.
    private static readonly string[] ProxyVariables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    /// <summary>Sends requests as the environment asks; a redirect is an answer like any other.</summary>
    /// <param name="variable">Environment variables by name.</param>
    /// <exception cref="ReplicationException">A variable names no proxy, or no file of certificates.</exception>
    public static SocketsHttpHandler Open(Func<string, string?> variable)
    {
        RefuseMistypedProxy(variable);
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false };
        if (variable(CertificatesVariable) is { Length: > 0 } file)
            handler.SslOptions.CertificateChainPolicy = Trusting(file);
        return handler;
    }

    // .NET would silently bypass a proxy that it cannot read.
    private static void RefuseMistypedProxy(Func<string, string?> variable)
    {
        foreach (var name in ProxyVariables)
        {
            if (variable(name) is not { Length: > 0 } address)
                continue;
            var full = address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address;
            if (!Uri.TryCreate(full, UriKind.Absolute, out var proxy) || proxy.Host.Length == 0
                || proxy.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5"))
                throw new ReplicationException(
                    $"{name} is '{address}', which is not a proxy; name one such as http://proxy:8080, or leave the variable out.",
                    ReplicationException.UsageError);
        }
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ReplicationException(
                $"{CertificatesVariable} is '{file}', which cannot be read as certificates (PEM): {e.Message.TrimEnd('.')}.",
                ReplicationException.UsageError, e);
        }
        return policy.CustomTrustStore.Count > 0 ? policy
            : throw new ReplicationException(
                $"{CertificatesVariable} is '{file}', which holds no certificate (PEM).", ReplicationException.UsageError);
    }
}
