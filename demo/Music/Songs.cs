namespace Ovation.Demo.Music;

/// <summary>The demo artist's songs: composed here, synthesised at set-up, the same bytes every time.</summary>
internal static class Songs
{
    public sealed record Song(string File, string Title, string Album, int Track, string Price, string LicencePrice, Func<Recording> Play);

    public static readonly IReadOnlyList<Song> All =
    [
        new("harbour-lights.wav", "Harbour Lights", "Small Hours", 1, "0.004", "0.99", HarbourLights),
        new("paper-boats.wav", "Paper Boats", "Small Hours", 2, "0.003", "0.79", PaperBoats),
        new("night-bus.wav", "Night Bus", "Small Hours", 3, "0.005", "1.29", NightBus),
    ];

    // Pads that change slowly, a guitar that wanders over them.
    private static Recording HarbourLights()
    {
        const double bar = 3.6;
        int[][] chords = [[57, 60, 64, 67], [53, 57, 60, 64], [48, 55, 60, 64], [55, 59, 62, 66]];
        var recording = new Recording(12 * bar + 3);
        var random = new Random(1);
        for (var b = 0; b < 12; b++)
        {
            var chord = chords[b % 4];
            Instruments.Bass(recording, b * bar, Pitch(chord[0] - 12), bar, 0.30);
            foreach (var note in chord) Instruments.Pad(recording, b * bar, Pitch(note), bar + 0.8, 0.05);
            if (b < 1) continue;
            for (var i = 0; i < 8; i++)
            {
                if (random.NextDouble() < 0.2) continue;
                var note = chord[(i * 3 + b) % 4] + (i % 4 == 3 ? 24 : 12);
                Instruments.Pluck(recording, b * bar + i * bar / 8, Pitch(note), 1.8, 0.26, -0.4 + 0.1 * i, random);
            }
        }
        return recording.Room(0.20);
    }

    // Three beats a bar, bells above a picked accompaniment.
    private static Recording PaperBoats()
    {
        const double beat = 0.5;
        int[][] chords = [[60, 64, 67], [57, 60, 64], [65, 69, 72], [67, 71, 74], [60, 64, 67], [64, 67, 71], [65, 69, 72], [67, 71, 74]];
        int[] tune = [76, 79, 84, 83, 79, 76, 81, 79, 77, 79, 74, 76, 84, 83, 79, 76, 79, 83, 81, 77, 74, 79, 77, 74];
        var recording = new Recording(24 * 3 * beat + 3);
        var random = new Random(2);
        for (var b = 0; b < 24; b++)
        {
            var chord = chords[b % 8];
            Instruments.Bass(recording, b * 3 * beat, Pitch(chord[0] - 24), 3 * beat, 0.26);
            for (var i = 0; i < 6; i++)
                Instruments.Pluck(recording, (b * 3 + i * 0.5) * beat, Pitch(chord[i % 3] - (i == 0 ? 12 : 0)), 1.2, 0.20, i % 2 == 0 ? -0.3 : 0.3, random);
            if (b < 4) continue;
            for (var i = 0; i < 3; i++)
                if (i != 1 || b % 2 == 1)
                    Instruments.Bell(recording, (b * 3 + i) * beat, Pitch(tune[(b % 8 * 3 + i) % tune.Length]), 1.6, 0.13, 0.25 - 0.1 * i);
        }
        return recording.Room(0.16);
    }

    // A walking pulse for the way home.
    private static Recording NightBus()
    {
        const double beat = 60.0 / 92;
        int[][] chords = [[50, 53, 57, 60], [46, 50, 53, 57], [41, 48, 53, 57], [48, 52, 55, 59]];
        var recording = new Recording(16 * 4 * beat + 3);
        var random = new Random(3);
        for (var b = 0; b < 16; b++)
        {
            var chord = chords[b % 4];
            foreach (var note in chord) Instruments.Pad(recording, b * 4 * beat, Pitch(note + 12), 4 * beat + 0.4, 0.032);
            for (var i = 0; i < 8; i++)
            {
                var at = (b * 4 + i * 0.5) * beat + (i % 2 == 1 ? 0.05 : 0); // a little swing
                if (b >= 2 && i % 4 == 0) Instruments.Kick(recording, at, 0.55);
                if (b >= 4) Instruments.Brush(recording, at, i % 4 == 2 ? 0.16 : 0.06, 0.35, random);
                if (i is 0 or 3 or 6) Instruments.Bass(recording, at, Pitch(chord[i == 6 ? 2 : 0] - 12), beat, 0.34);
                if (b >= 2 && (i * 5 + b) % 3 != 0)
                    Instruments.Bell(recording, at, Pitch(chord[(i + b) % 4] + 24), 0.9, 0.10, -0.45 + 0.12 * i);
            }
        }
        return recording.Room(0.13);
    }

    private static double Pitch(int midi) => 440 * Math.Pow(2, (midi - 69) / 12.0);
}
