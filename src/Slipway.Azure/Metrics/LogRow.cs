using System.Globalization;

namespace Slipway.Azure.Metrics;

/// <summary>One row of <see cref="ObservationTable"/>, checked as far as it is asked.</summary>
internal sealed class LogRow
{
    /// <summary>No interval has more: a table of as many rows as there can be still adds up.</summary>
    public const long MostCount = 1_000_000_000_000;

    private readonly object?[] _values;
    private readonly int _number;

    private LogRow(object?[] values, int number)
    {
        (_values, _number) = (values, number);
        Kind = Text(0);
        Start = values[1] is DateTimeOffset start ? start.ToUniversalTime() : throw Wrong("Start", Shown(values[1]), "a time");
        Region = Text(2);
        Arm = Text(3);
        Name = Text(4);
    }

    public string Kind { get; }

    public DateTimeOffset Start { get; }

    public string Region { get; }

    public string Arm { get; }

    public string Name { get; }

    /// <summary>The rows of a table; throws <see cref="LogTableException"/> when it has not the columns that it should have.</summary>
    public static IReadOnlyList<LogRow> Of(LogTable table)
    {
        var names = table.Columns.Select(column => column.Name).ToList();
        var places = ObservationTable.Columns.Select(column =>
        {
            var place = names.IndexOf(column.Name);
            if (place < 0) throw new LogTableException($"the column {column.Name} is missing; there are {string.Join(", ", names)}");
            return table.Columns[place].Type == column.Type
                ? place
                : throw new LogTableException($"the column {column.Name} is {table.Columns[place].Type}; expected {column.Type}");
        }).ToList();
        return [.. table.Rows.Select((row, number) => new LogRow([.. places.Select(place => row[place])], number + 1))];
    }

    /// <summary>A count from 0 to <see cref="MostCount"/>.</summary>
    public long Count() => _values[5] is long and >= 0 and <= MostCount and var count ? count : throw Wrong("Count", Shown(_values[5]), $"a count from 0 to {MostCount}");

    /// <summary>A sum, finite.</summary>
    public double Sum() => Number(6, "Sum");

    /// <summary>A sum of squares, finite and not negative.</summary>
    public double Squares() => Number(7, "Squares") is >= 0 and var squares ? squares : throw Wrong("Squares", Shown(_values[7]), "0 or more");

    /// <summary>What is wrong with the row.</summary>
    public LogTableException Wrong(string column, string found, string expected) => new(
        $"row {_number}{(string.IsNullOrEmpty(Name) ? "" : $" ({Kind} '{Name}')")}: {column} is {found}; expected {expected}");

    private double Number(int place, string column) =>
        _values[place] is double number && double.IsFinite(number) ? number : throw Wrong(column, Shown(_values[place]), "a finite number; is a value of the query missing?");

    private string Text(int place) => _values[place] as string ?? "";

    private static string Shown(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

/// <summary>A table is not as its query promises.</summary>
internal sealed class LogTableException(string message) : Exception(message);
