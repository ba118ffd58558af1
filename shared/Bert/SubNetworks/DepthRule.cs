namespace Replication.Bert.SubNetworks;

/// <summary>Which layers a shallower sub-network keeps; paper and authors' code count from different ends.</summary>
public enum DepthRule
{
    /// <summary>
    /// The paper's text: with layers counted from 1, layer d goes where mod(d + 1, 1 / m_d) = 0, so that the last layer stays.
    /// </summary>
    Paper,

    /// <summary>
    /// The authors' code: layers floor(i / m_d), counted from 0, for i from 0 to round(m_d N) - 1, so that the last layer goes.
    /// </summary>
    OfficialCode,
}
