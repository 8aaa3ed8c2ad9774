global using System.Net;

// They use the processor for minutes, and ports; one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// What needs chroots, namespaces and other people's servers: make test-deploy.
[assembly: Trait("Category", "Deploy")]
[assembly: AssemblyFixture(typeof(ErlChat.Deploy.Site))]
