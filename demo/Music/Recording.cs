using System.Buffers.Binary;

namespace Ovation.Demo.Music;

/// <summary>A stereo recording of fixed length, mixed in floating point and written as 16-bit WAV.</summary>
internal sealed class Recording(double seconds)
{
    public const int Rate = 44_100;

    private readonly double[] _left = new double[(int)(seconds * Rate)];
    private readonly double[] _right = new double[(int)(seconds * Rate)];

    /// <summary>Adds a sample at a time, between left (−1) and right (+1).</summary>
    public void Add(double time, double value, double pan)
    {
        var at = (int)Math.Round(time * Rate);
        if (at < 0 || at >= _left.Length) return;
        _left[at] += value * Math.Sqrt((1 - pan) / 2);
        _right[at] += value * Math.Sqrt((1 + pan) / 2);
    }

    /// <summary>A room: four echoes that feed themselves (combs), crossed between the sides.</summary>
    public Recording Room(double wet)
    {
        foreach (var (delay, feedback) in new[] { (1557, 0.74), (1931, 0.71), (2411, 0.69), (3137, 0.66) })
        {
            double[] left = new double[delay], right = new double[delay];
            for (int i = 0, at = 0; i < _left.Length; i++, at = (at + 1) % delay)
            {
                var (l, r) = (left[at], right[at]);
                left[at] = _left[i] * 0.25 + r * feedback;
                right[at] = _right[i] * 0.25 + l * feedback;
                _left[i] += l * wet;
                _right[i] += r * wet;
            }
        }
        return this;
    }

    /// <summary>Fades the ends, brings the peak to −1.5 dB and writes a WAV file.</summary>
    public void Write(string path)
    {
        var peak = Math.Max(_left.Max(Math.Abs), _right.Max(Math.Abs));
        var gain = peak > 0 ? Math.Pow(10, -1.5 / 20) / peak : 1;
        var bytes = new byte[44 + 4 * _left.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        foreach (var (at, value) in new[] { (16, 16), (24, Rate), (28, Rate * 4), (40, 4 * _left.Length) })
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        foreach (var (at, value) in new[] { (20, 1), (22, 2), (32, 4), (34, 16) })
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
        "data"u8.CopyTo(bytes.AsSpan(36));
        for (var i = 0; i < _left.Length; i++)
        {
            var fade = Math.Min(Math.Min(1, i / (0.02 * Rate)), (_left.Length - 1 - i) / (2.5 * Rate)) * gain;
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + 4 * i), (short)Math.Round(_left[i] * Math.Min(fade, gain) * 32767));
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(46 + 4 * i), (short)Math.Round(_right[i] * Math.Min(fade, gain) * 32767));
        }
        File.WriteAllBytes(path, bytes);
    }
}
