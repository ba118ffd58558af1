using System.Globalization;

namespace Replication.Tests;

/// <summary>A culture that writes numbers in its own way, and is there whatever is installed.</summary>
internal static class MadeUpCulture
{
    /// <summary>Runs an action in it.</summary>
    public static void Run(Action action)
    {
        var made = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (made.NumberFormat.NumberDecimalSeparator, made.NumberFormat.NumberGroupSeparator, made.NumberFormat.NegativeSign) =
            (",", ".", "\u2212");
        (made.DateTimeFormat.DateSeparator, made.DateTimeFormat.TimeSeparator) = (".", ".");
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = made;
            action();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }
}
