return await Ovation.Cli.CommandLine.Run(args);
