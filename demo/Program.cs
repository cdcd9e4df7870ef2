using Ovation.Demo.Music;

Directory.CreateDirectory(args[0]);
foreach (var song in Songs.All) song.Play().Write(Path.Combine(args[0], song.File));
