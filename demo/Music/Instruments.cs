namespace Ovation.Demo.Music;

/// <summary>A few simple instruments; each adds one note to a stereo recording.</summary>
internal static class Instruments
{
    /// <summary>A plucked string (Karplus and Strong, 1983): noise that a loop rounds off.</summary>
    public static void Pluck(Recording to, double start, double frequency, double seconds, double gain, double pan, Random random)
    {
        var period = Math.Max(2, (int)(Recording.Rate / frequency));
        var loop = new double[period];
        for (var i = 0; i < period; i++) loop[i] = random.NextDouble() * 2 - 1;
        for (var i = 1; i < period; i++) loop[i] = 0.6 * loop[i] + 0.4 * loop[i - 1]; // a softer finger
        var count = (int)(seconds * Recording.Rate);
        for (int i = 0, at = 0; i < count; i++)
        {
            var next = (at + 1) % period;
            var fade = Math.Min(1, (count - i) / (0.05 * Recording.Rate));
            to.Add(start + (double)i / Recording.Rate, loop[at] * gain * fade, pan);
            loop[at] = 0.4985 * (loop[at] + loop[next]);
            at = next;
        }
    }

    /// <summary>A slow chord tone: a few harmonics, slightly out of tune on either side.</summary>
    public static void Pad(Recording to, double start, double frequency, double seconds, double gain)
    {
        var count = (int)(seconds * Recording.Rate);
        for (var i = 0; i < count; i++)
        {
            var t = (double)i / Recording.Rate;
            var envelope = Math.Min(1, t / 0.9) * Math.Min(1, (seconds - t) / 1.2);
            var tremble = 1 + 0.12 * Math.Sin(Math.Tau * 0.31 * (start + t));
            to.Add(start + t, Tone(frequency * 0.9985, t) * gain * envelope * tremble, -0.55);
            to.Add(start + t, Tone(frequency * 1.0015, t) * gain * envelope * tremble, 0.55);
        }

        static double Tone(double f, double t) =>
            Math.Sin(Math.Tau * f * t) + 0.35 * Math.Sin(Math.Tau * 2 * f * t) + 0.12 * Math.Sin(Math.Tau * 3 * f * t);
    }

    /// <summary>A round bass note.</summary>
    public static void Bass(Recording to, double start, double frequency, double seconds, double gain)
    {
        var count = (int)(seconds * Recording.Rate);
        for (var i = 0; i < count; i++)
        {
            var t = (double)i / Recording.Rate;
            var envelope = Math.Min(1, t / 0.015) * Math.Exp(-1.4 * t) * Math.Min(1, (seconds - t) / 0.04);
            to.Add(start + t, Math.Tanh(1.6 * Math.Sin(Math.Tau * frequency * t)) * gain * envelope, 0);
        }
    }

    /// <summary>A bell: two sines, one modulating the other, dying away.</summary>
    public static void Bell(Recording to, double start, double frequency, double seconds, double gain, double pan)
    {
        var count = (int)(seconds * Recording.Rate);
        for (var i = 0; i < count; i++)
        {
            var t = (double)i / Recording.Rate;
            var envelope = Math.Min(1, t / 0.004) * Math.Exp(-2.6 * t) * Math.Min(1, (seconds - t) / 0.05);
            to.Add(start + t, Math.Sin(Math.Tau * frequency * t + 1.4 * Math.Exp(-4 * t) * Math.Sin(Math.Tau * 3.01 * frequency * t)) * gain * envelope, pan);
        }
    }

    /// <summary>A soft kick: a sine that falls.</summary>
    public static void Kick(Recording to, double start, double gain)
    {
        var phase = 0.0;
        for (var i = 0; i < 0.28 * Recording.Rate; i++)
        {
            var t = (double)i / Recording.Rate;
            phase += (44 + 90 * Math.Exp(-28 * t)) / Recording.Rate;
            to.Add(start + t, Math.Sin(Math.Tau * phase) * gain * Math.Exp(-11 * t), 0);
        }
    }

    /// <summary>A brush: a breath of high noise.</summary>
    public static void Brush(Recording to, double start, double gain, double pan, Random random)
    {
        var before = 0.0;
        for (var i = 0; i < 0.09 * Recording.Rate; i++)
        {
            var t = (double)i / Recording.Rate;
            var noise = random.NextDouble() * 2 - 1;
            to.Add(start + t, (noise - before) * gain * Math.Min(1, t / 0.006) * Math.Exp(-46 * t), pan);
            before = noise;
        }
    }
}
